# METADATA
# title: "No single column gives the outcome away"
# custom:
#   clause: "Kapoor and Narayanan 2023, doi:10.1016/j.patter.2023.100804"
#   remedy: "remove the column if it is known only after the outcome; if it is honest, show when it is recorded"
package model.dataset.leakage

import data.lib

satisfied if {
	lib.measured("dataset")
	every m in lib.all("dataset", "leakage_auroc") { lib.value(m) <= lib.limits.dataset.leakage_auroc_max }
	every m in lib.all("dataset", "leakage_purity") { lib.value(m) <= lib.limits.dataset.leakage_purity_max }
}

limits := {
	"leakage_auroc": lib.limits.dataset.leakage_auroc_max,
	"leakage_purity": lib.limits.dataset.leakage_purity_max,
}

message := sprintf("alone, these columns tell the outcome, limit %v: %s", [lib.limits.dataset.leakage_auroc_max, concat(", ", columns)])

columns contains sprintf("%s %s", [m.group, lib.short(m.value)]) if {
	some m in input.model.measurements.dataset
	lib.value(m) > limits[m.name]
}
