# METADATA
# title: "The holdout is drawn from where the training data came"
# custom:
#   clause: "TRIPOD+AI 20c"
#   remedy: "look at the named columns: a changed unit, a changed site mix or a changed extract; then split again or declare the shift; where rows are too few to see one, add rows"
package model.dataset.drift

import data.lib

satisfied if {
	count(compared) > 0
	every m in compared {
		steady(m)
		power(m) >= lib.limits.dataset.drift_power_min
	}
}

# Nothing was seen, by a test that could not have seen it.
inconclusive if {
	count(compared) > 0
	every m in compared {
		steady(m)
		is_number(power(m))
	}
}

# The outcome is compared too, so a holdout that was compared has at least one.
compared := [m | some name in ["ks", "chi_square"]; some m in lib.named("dataset", name)]

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

power(m) := lib.value(lib.one("dataset", "drift_power", m.group))

message := sprintf("holdout and training differ in their distribution of: %s", [concat(", ", columns)]) if count(columns) > 0

columns contains sprintf("%s (distance %v, limit %v)", [m.group, round(distance(m) * 1000) / 1000, limit(m)]) if {
	some m in compared
	not steady(m)
}

message := sprintf("rows are too few to see a drift of: %s; %v rows of each sample would do", [concat(", ", unseen), max(enough)]) if {
	count(columns) == 0
	count(enough) > 0
}

unseen contains sprintf("%s (power %v)", [m.group, round(power(m) * 100) / 100]) if {
	some m in compared
	power(m) < lib.limits.dataset.drift_power_min
}

enough contains lib.value(lib.one("dataset", "drift_rows_needed", m.group)) if {
	some m in compared
	power(m) < lib.limits.dataset.drift_power_min
}
