# METADATA
# title: "Every cohort that the contract names is in the holdout"
# custom:
#   severity: warn
#   clause: "TRIPOD+AI 20b; GMLP principle 3"
#   remedy: "add patients of the named cohorts to the holdout, or say in the card that the model was not shown to work for them"
package model.dataset.subgroups

import data.lib

satisfied if absent == 0

absent := lib.value(lib.overall("dataset", "cohorts_absent"))

message := sprintf("nobody in the holdout belongs to %v declared cohorts: %s", [absent, concat(", ", cohorts)])

cohorts contains m.group if {
	some m in lib.named("dataset", "cohort_rows")
	lib.value(m) == 0
}
