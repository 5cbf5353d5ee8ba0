# METADATA
# title: "Training and holdout have the same units"
# custom:
#   clause: "TRIPOD+AI 7"
#   remedy: "convert one of the two extracts of the named columns to the unit in dataset.yaml"
package model.dataset.units

import data.lib

satisfied if {
	count(compared) == lib.value(lib.overall("dataset", "units_compared"))
	every m in compared { same(m) }
}

compared := lib.named("dataset", "median_ratio")

same(m) if {
	lib.value(m) <= limit
	lib.value(m) * limit >= 1
}

# Of few patients with values far apart the medians differ by chance.
same(m) if {
	is_number(lib.value(m))
	lib.value(lib.one("dataset", "ks_p_holm", m.group)) >= lib.limits.dataset.drift_p_min
}

limit := lib.limits.dataset.unit_ratio_max

message := sprintf("values of the holdout are a multiple of those of training, limit %v either way: %s", [limit, concat(", ", columns)]) if count(columns) > 0

columns contains sprintf("%s %s times", [m.group, lib.short(m.value)]) if {
	some m in compared
	not same(m)
}
