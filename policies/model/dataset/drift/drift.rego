# METADATA
# title: "The holdout is drawn from where the training data came"
# custom:
#   clause: "TRIPOD+AI 20c"
#   remedy: "look at the named columns: a changed unit, a changed site mix or a changed extract; then split again or declare the shift"
package model.dataset.drift

import data.lib

satisfied if {
	lib.measured("dataset")
	every m in lib.all("dataset", "ks") { steady(m) }
}

# Different both practically and statistically, or it is noise.
steady(m) if lib.value(m) <= lib.limits.dataset.drift_ks_max

steady(m) if {
	is_number(lib.value(m))
	lib.value(lib.one("dataset", "ks_p_holm", m.group)) >= lib.limits.dataset.drift_p_min
}

message := sprintf("holdout and training differ, Kolmogorov-Smirnov limit %v: %s", [lib.limits.dataset.drift_ks_max, concat(", ", columns)])

columns contains sprintf("%s %s", [m.group, lib.short(m.value)]) if {
	some m in lib.all("dataset", "ks")
	not steady(m)
}
