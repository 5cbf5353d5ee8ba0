# METADATA
# title: "No single column gives the outcome away"
# custom:
#   clause: "Kapoor and Narayanan 2023, doi:10.1016/j.patter.2023.100804"
#   remedy: "remove the column if it is known only after the outcome; if it is honest, show when it is recorded"
package model.dataset.leakage

import data.lib

satisfied if {
	count(tried) > 0
	every m in tried { honest(m) }
}

# Columns are tried by what they hold: numbers rank patients, words part them.
tried := array.concat(lib.named("dataset", "leakage_auroc"), lib.named("dataset", "leakage_purity"))

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
	some m in tried
	not honest(m)
}
