package lib

# waived tells people by whom and until when a rule is waived for this release,
# here and now. It is empty when nobody has, or nobody could.
waived(rule) := sort({note | some w in input.model.waivers; waives(w, rule); note := told_of(w)})

# A waiver counts for one rule and one environment, while it lasts, when it was
# given for no longer than agreed, by someone in a role that may, who is not the
# author of the change; and never for a rule that may not be waived.
waives(w, rule) if {
	w.rule == rule
	w.environment == input.environment
	decimal(w.issued) <= now
	now < decimal(w.expires)
	decimal(w.expires) - decimal(w.issued) <= limits.waivers.days_max * 86400
	w.by.role in limits.waivers.roles_allowed
	is_array(limits.waivers.rules_forbidden)
	not rule in limits.waivers.rules_forbidden
	another_than_the_author(w.by.email)
}

another_than_the_author(email) if {
	email != ""
	authors := named("compliance", "change_author")
	count(authors) == 1
	authors[0].group != ""
	authors[0].group != email
}

told_of(w) := sprintf("waived until %s by %s (%s): %s; instead: %s", [w.until, w.by.name, w.by.role, w.reason, w.control])
