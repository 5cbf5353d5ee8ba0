# METADATA
# title: "Few values lie far from all others"
# custom:
#   severity: warn
#   clause: "TRIPOD+AI 7"
#   remedy: "look up the extreme values of the named columns at the source: a lost decimal point, a code for missing such as 999, another unit"
package model.dataset.outliers

import data.lib

satisfied if {
	count(sought) == lib.value(lib.overall("dataset", "number_features"))
	every m in sought { lib.low(m) <= limit }
}

sought := lib.named("dataset", "outlier_fraction")

# The lower end, for one value in a hundred rows proves nothing.
limit := lib.limits.dataset.outlier_fraction_max

message := sprintf("values lie far from all others, limit %v of a column: %s", [limit, concat(", ", columns)]) if count(columns) > 0

columns contains sprintf("%s %s", [m.group, lib.short(m.value)]) if {
	some m in sought
	lib.low(m) > limit
}
