# METADATA
# title: "No column misses more values than agreed"
# custom:
#   clause: "TRIPOD+AI 11"
#   remedy: "complete the extract, or take the column out of the features; say in the card how missing values are handled"
package model.dataset.missingness

import data.lib

satisfied if {
	count(lib.named("dataset", "missing_fraction")) > 0
	every m in lib.named("dataset", "missing_fraction") { lib.value(m) <= limit }
	every m in lib.named("dataset", "required_missing") { lib.value(m) == 0 }
}

limit := lib.limits.dataset.missing_fraction_max

message := sprintf("too many values are missing, limit %v: %s", [limit, concat(", ", columns)]) if count(columns) > 0

columns contains sprintf("%s %s", [m.group, lib.short(m.value)]) if {
	some m in lib.named("dataset", "missing_fraction")
	lib.value(m) > limit
}

columns contains sprintf("%s (required) %s values", [m.group, m.value]) if {
	some m in lib.named("dataset", "required_missing")
	lib.value(m) > 0
}
