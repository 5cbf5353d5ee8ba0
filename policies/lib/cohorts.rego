package lib

# lacking says how many more patients would settle what is open about the
# cohorts of a column; nothing when they are enough, or when nobody counted.
default lacking(_) := ""

lacking(column) := sprintf("; %s more patients with the event in the smallest cohort of %s, %s patients in all, would settle it", [positives.value, column, patients.value]) if {
	positives := one("bias", "positives_needed", column)
	patients := one("bias", "patients_needed", column)
	value(positives) > 0
	value(patients) > 0
}

# looked_at lists what was measured under a name, one for each column that names
# cohorts, as per_column does. A number that could not be had counts as one that
# may be anything from 0 to 1, if the gate says so and why.
looked_at(name) := found if {
	found := named("bias", name)
	count(found) == value(overall("bias", "group_columns"))
	every m in found { bounds(m) }
}

bounds(m) := ends(m)

bounds(m) := [0, 1] if unknown(m)

unknown(m) if {
	m.value == ""
	decimal(m.low) == 0
	decimal(m.high) == 1
	m.method != ""
}

# told is the number as people read it, or why there is none.
told(m) := interval(m)

told(m) := sprintf("unknown (%s)", [m.method]) if unknown(m)
