# METADATA
# title: "No patient is in training and holdout"
# custom:
#   clause: "GMLP principle 4; TRIPOD+AI 12a"
#   remedy: "split by patient, not by row, and freeze the split column"
package model.dataset.patient_overlap

import data.lib

satisfied if {
	patients <= lib.limits.dataset.patient_overlap_max
	rows <= lib.limits.dataset.patient_overlap_max
}

patients := lib.value(lib.overall("dataset", "patient_overlap"))

rows := lib.value(lib.overall("dataset", "row_overlap"))

message := sprintf("%v patients and %v identical rows are in training and in the holdout, limit %v", [patients, rows, lib.limits.dataset.patient_overlap_max])
