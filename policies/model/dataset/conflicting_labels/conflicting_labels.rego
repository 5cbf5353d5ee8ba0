# METADATA
# title: "No two rows with equal features have different outcomes"
# custom:
#   clause: "GMLP principle 5; TRIPOD+AI 8b"
#   remedy: "look up the named number of patients at the source: a row that stands twice, or an outcome written wrongly; or add the column that tells them apart"
package model.dataset.conflicting_labels

import data.lib

satisfied if conflicts <= lib.limits.dataset.conflicting_labels_max

# Of two patients who are alike one may have had the event, and the other not yet.
satisfied if {
	lib.survival
	lib.measured("dataset")
}

conflicts := lib.value(lib.overall("dataset", "conflicting_labels"))

message := sprintf("%v sets of equal features carry both outcomes, limit %v", [conflicts, lib.limits.dataset.conflicting_labels_max])
