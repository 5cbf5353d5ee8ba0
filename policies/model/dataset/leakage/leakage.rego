# METADATA
# title: "No single column gives the outcome away"
# custom:
#   clause: "Kapoor and Narayanan 2023, doi:10.1016/j.patter.2023.100804"
#   remedy: "remove the column if it is known only after the outcome; if it is honest, show when it is recorded"
package model.dataset.leakage

import data.lib

satisfied if {
	lib.measured("dataset")
	every m in lib.named("dataset", "leakage_auroc") { honest(m) }
	every m in lib.named("dataset", "leakage_purity") { honest(m) }
}

honest(m) if {
	m.name == "leakage_auroc"
	lib.value(m) <= lib.limits.dataset.leakage_auroc_max
}

honest(m) if {
	m.name == "leakage_purity"
	lib.value(m) <= lib.limits.dataset.leakage_purity_max
}

# Where events are rare, every column is pure: what counts is the gain over
# guessing the commoner outcome.
honest(m) if {
	m.name == "leakage_purity"
	baseline := lib.value(lib.one("dataset", "leakage_purity_baseline", m.group))
	lib.value(m) - baseline <= 1 - lib.limits.dataset.leakage_purity_max
}

message := sprintf("alone, these columns tell the outcome, limit %v: %s", [lib.limits.dataset.leakage_auroc_max, concat(", ", columns)]) if count(columns) > 0

columns contains sprintf("%s %s", [m.group, lib.short(m.value)]) if {
	some m in input.model.measurements.dataset
	m.name in {"leakage_auroc", "leakage_purity"}
	not honest(m)
}
