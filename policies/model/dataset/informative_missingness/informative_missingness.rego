# METADATA
# title: "Who misses a value depends on neither outcome nor cohort"
# custom:
#   severity: warn
#   clause: "TRIPOD+AI 11"
#   remedy: "find out why the values are missing: if they are asked for after the outcome, or of some patients only, take the column out; else say in the card how it is handled"
package model.dataset.informative_missingness

import data.lib

satisfied if {
	count(compared) == lib.value(lib.overall("dataset", "missing_differences"))
	every m in compared { alike(m) }
}

compared := [m |
	some name in ["missing_difference_by_label", "missing_difference_by_group"]
	some m in lib.named("dataset", name)
	m.value != ""
]

# Different both practically and statistically, or it is noise.
alike(m) if abs(lib.value(m)) <= lib.limits.dataset.missing_difference_max

alike(m) if {
	is_number(lib.value(m))
	lib.value(lib.one("dataset", concat("", [m.name, "_p_holm"]), m.group)) >= lib.limits.dataset.missing_difference_p_min
}

message := sprintf("who misses a value is not left to chance, limit %v: %s", [lib.limits.dataset.missing_difference_max, concat(", ", columns)]) if count(columns) > 0

columns contains sprintf("%s %s", [m.group, lib.short(m.value)]) if {
	some m in compared
	not alike(m)
}
