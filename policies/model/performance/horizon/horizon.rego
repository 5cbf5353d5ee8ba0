# METADATA
# title: "A survival model says by when its risk is meant"
# custom:
#   clause: "TRIPOD+AI 8a; Crowson 2016, doi:10.1177/0962280213497434"
#   remedy: "set horizon in model.yaml, in the unit of the dataset's time: a score that only orders patients cannot be compared with what happens to them"
package model.performance.horizon

import data.lib

satisfied if lib.binary

satisfied if declared == 1

satisfied if {
	declared == 0
	lib.limits.performance.horizon_required == false
}

declared := lib.value(lib.overall("performance", "horizons"))

message := "the recipe names no horizon, so nobody can tell how true its risks are" if declared == 0
