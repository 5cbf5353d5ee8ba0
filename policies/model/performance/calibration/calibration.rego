# METADATA
# title: "Predicted risks are the risks that come true"
# custom:
#   clause: "TRIPOD+AI 12e; Van Calster 2016, doi:10.1016/j.jclinepi.2015.12.005"
#   remedy: "recalibrate (slope and intercept) on the training data, or strengthen the penalty"
package model.performance.calibration

import data.lib

satisfied if lib.survival

satisfied if {
	lib.low(slope) >= least
	lib.high(slope) <= most
}

# Where it need not be proven, the interval meets the limits and the point is
# near them: a holdout of a few hundred patients cannot say more.
satisfied if {
	performance.calibration_proof_required == false
	meets
	lib.value(slope) >= performance.calibration_slope_point_min
	lib.value(slope) <= performance.calibration_slope_point_max
}

inconclusive if meets

meets if {
	lib.low(slope) <= most
	lib.high(slope) >= least
}

slope := lib.overall("performance", "calibration_slope")

performance := lib.limits.performance

least := performance.calibration_slope_min

most := performance.calibration_slope_max

message := sprintf("calibration slope may lie outside %v to %v: %s", [least, most, lib.interval(slope)])
