package lib

# target takes apart what gates/compliance wrote of a pointer into evidence:
# <place>|<gate>.<name>|<group>|<min>|<max>. What was no pointer is no target.
target(m) := {"place": place, "gate": gate, "name": name, "group": group, "min": low_limit, "max": high_limit} if {
	m.number == 1
	[place, measurement, group, low_limit, high_limit] = split(m.group, "|")
	[gate, name] = split(measurement, ".")
}

# pointed holds when what a pointer names is in evidence, once and as a number,
# and keeps the limits that the pointer asks. The end of the interval decides.
pointed(m) if {
	asked := target(m)
	found := one(asked.gate, asked.name, asked.group)
	value(found)
	reaches(found, asked.min)
	stays(found, asked.max)
}

reaches(found, "") if value(found)

reaches(found, limit) if worst(found, "from") >= decimal(limit)

stays(found, "") if value(found)

stays(found, limit) if worst(found, "to") <= decimal(limit)

# worst is that end of the interval, or the number where it has none, as a count;
# an interval that cannot be read has no end.
worst(found, end) := found[end]

worst(found, _) := value(found) if {
	object.get(found, "low", "") == ""
	object.get(found, "high", "") == ""
}

# dangling tells people of the pointers under that name that do not hold.
dangling(owner) := {told_of_pointer(m) | some m in named("compliance", owner); not pointed(m)}

told_of_pointer(m) := sprintf("%s: %s %s", [asked.place, subject_of(asked), why(asked)]) if {
	asked := target(m)
} else := sprintf("%s names no measurement", [split(m.group, "|")[0]])

subject_of(asked) := sprintf("%s.%s", [asked.gate, asked.name]) if {
	asked.group == ""
} else := sprintf("%s.%s of %s", [asked.gate, asked.name, asked.group])

why(asked) := sprintf("%s, below %s", [ending(found, "from", "low"), asked.min]) if {
	found := one(asked.gate, asked.name, asked.group)
	worst(found, "from") < decimal(asked.min)
} else := sprintf("%s, above %s", [ending(found, "to", "high"), asked.max]) if {
	found := one(asked.gate, asked.name, asked.group)
	worst(found, "to") > decimal(asked.max)
} else := "cannot be compared with its limits" if {
	value(one(asked.gate, asked.name, asked.group))
} else := "is not measured"

ending(found, end, which) := sprintf("may be as %s as %v", [which, found[end]]) if {
	found[end]
} else := sprintf("is %v", [value(found)])
