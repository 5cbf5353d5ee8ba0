package lib

# waived tells people by whom and until when a rule is waived for this release, or
# under which glass it need not hold for this workload, here and now. It is empty
# when nobody has, or nobody could.
waived(rule) := sort({note | some w in input.model.waivers; waives(w, rule); note := told_of(w)} | broken(rule))

# A waiver counts for the rule that it names, unless something speaks against it.
waives(w, rule) if {
	w.rule == rule
	count(objections(w)) == 0
}

# objections are what speaks against a waiver, for people: it counts in one
# environment, while it lasts, when it was given for no longer than agreed, by
# someone in a role that may, who is not the author of the change; and never for
# a rule that may not be waived. What is not shown is an objection.
objections(w) := {objection |
	some objection, shown in {
		"it is for another environment": [1 | w.environment == input.environment],
		"it has not begun": [1 | decimal(w.issued) <= now],
		"it has expired": [1 | now < decimal(w.expires)],
		"it lasts longer than agreed": [1 | decimal(w.expires) - decimal(w.issued) <= limits.waivers.days_max * 86400],
		"who gave it is in no role that may": [1 | w.by.role in limits.waivers.roles_allowed],
		"this rule cannot be waived": [1 | waivable(w.rule)],
		"who gave it may be the author of the change": [1 | another_than_the_author(w.by.email)],
	}
	shown != [1]
}

waivable(rule) if {
	is_array(limits.waivers.rules_forbidden)
	not rule in limits.waivers.rules_forbidden
}

another_than_the_author(email) if {
	email != ""
	authors := named("compliance", "change_author")
	count(authors) > 0
	every author in authors {
		author.group != ""
		author.group != email
	}
}

told_of(w) := sprintf("waived until %s by %s (%s): %s; instead: %s", [w.until, w.by.name, w.by.role, w.reason, w.control])
