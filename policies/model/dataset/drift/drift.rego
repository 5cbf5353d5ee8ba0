# METADATA
# title: "The holdout is drawn from where the training data came"
# custom:
#   clause: "TRIPOD+AI 20c"
#   remedy: "look at the named columns: a changed unit, a changed site mix or a changed extract; then split again or declare the shift"
package model.dataset.drift

import data.lib

satisfied if {
	count(compared) > 0
	every m in compared { steady(m) }
}

# The outcome is compared too, so a holdout that was compared has at least one.
compared := [m | some m in input.model.measurements.dataset; m.name in {"ks", "chi_square"}]

# Different both practically and statistically, or it is noise.
steady(m) if distance(m) <= limit(m)

steady(m) if {
	is_number(distance(m))
	lib.value(lib.one("dataset", concat("", [m.name, "_p_holm"]), m.group)) >= lib.limits.dataset.drift_p_min
}

distance(m) := lib.value(m) if m.name == "ks"

distance(m) := lib.value(lib.one("dataset", "js_distance", m.group)) if m.name == "chi_square"

limit(m) := lib.limits.dataset.drift_ks_max if m.name == "ks"

limit(m) := lib.limits.dataset.drift_js_max if m.name == "chi_square"

message := sprintf("holdout and training differ in their distribution of: %s", [concat(", ", columns)]) if count(columns) > 0

columns contains sprintf("%s (distance %v, limit %v)", [m.group, round(distance(m) * 1000) / 1000, limit(m)]) if {
	some m in compared
	not steady(m)
}
