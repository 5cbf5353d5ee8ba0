# METADATA
# title: "Few values lie outside the usual range"
# custom:
#   severity: warn
#   clause: "TRIPOD+AI 7"
#   remedy: "look at the named columns: another unit, another population, or limits in dataset.yaml (low, high) that are too narrow"
package model.dataset.soft_limits

import data.lib

satisfied if {
	count(bounded) == lib.value(lib.overall("dataset", "soft_limits_declared"))
	every m in bounded { rare(m) }
}

bounded := lib.named("dataset", "soft_range_violations")

rare(m) if lib.value(m) <= lib.limits.dataset.soft_range_fraction_max * m.n

message := sprintf("values outside low and high, limit %v of a column: %s", [lib.limits.dataset.soft_range_fraction_max, concat(", ", columns)]) if count(columns) > 0

columns contains sprintf("%s %v of %v", [m.group, lib.value(m), m.n]) if {
	some m in bounded
	not rare(m)
}
