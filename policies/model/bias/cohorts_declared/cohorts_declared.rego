# METADATA
# title: "The data names the cohorts that are to be compared"
# custom:
#   clause: "TRIPOD+AI 20b; GMLP principle 3"
#   remedy: "list the demographic columns under groups in dataset.yaml; data without any cannot show that a model is fair"
package model.bias.cohorts_declared

import data.lib

satisfied if columns > 0

satisfied if {
	columns == 0
	lib.limits.bias.cohorts_required == false
}

columns := lib.value(lib.overall("bias", "group_columns"))

message := sprintf("%v columns name cohorts; this environment asks for at least one", [columns])
