package lib

# glass is what the rules think of a break-glass: what speaks against it, and
# what people are told when it is broken.
glass(g) := {"objections": objections_to_glass(g), "notes": notes_of_glass(g)}

# objections_to_glass are what speaks against a break-glass, for people: it counts
# for one model in one namespace of one environment, while it lasts, when it was
# given for no longer than agreed, by someone in a role that may. What is not
# shown is an objection.
objections_to_glass(g) := {objection |
	some objection, shown in {
		"it is for another environment": [1 | g.environment == input.environment],
		"it is for another namespace": [1 | g.namespace == input.workload.namespace],
		"it is for another model": [1 | g.digest in {use.digest | some use in input.workload.models}],
		"it has not begun": [1 | decimal(g.issued) <= now],
		"it has expired": [1 | now < decimal(g.expires)],
		"it lasts longer than agreed": [1 | decimal(g.expires) - decimal(g.issued) <= limits.break_glass.hours_max * 3600],
		"who gave it is in no role that may": [1 | g.by.role in limits.break_glass.roles_allowed],
	}
	shown != [1]
}

# notes_of_glass is empty for a glass that does not count. One that does is not
# broken either while another model of the workload has none: then that one keeps
# the workload out.
notes_of_glass(g) := [note |
	covered
	count(objections_to_glass(g)) == 0
	note := sprintf("glass broken by %s (%s) until %s, ticket %s: %s", [g.by.name, g.by.role, g.until, g.ticket, g.reason])
]

# covered holds when every model of the workload may run under a break-glass.
covered if {
	count(input.workload.models) > 0
	every use in input.workload.models { use.digest in under_glass }
}

under_glass contains g.digest if {
	some g in input.workload.glass
	count(objections_to_glass(g)) == 0
}

# broken tells people under which glass a rule about workloads need not hold.
broken(rule) := {note |
	rule in limits.break_glass.rules_allowed
	some g in input.workload.glass
	some note in notes_of_glass(g)
}
