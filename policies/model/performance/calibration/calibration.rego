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

# The interval meets the limits without lying inside them.
inconclusive if {
	not satisfied
	lib.low(slope) <= most
	lib.high(slope) >= least
}

slope := lib.overall("performance", "calibration_slope")

least := lib.limits.performance.calibration_slope_min

most := lib.limits.performance.calibration_slope_max

message := sprintf("calibration slope may lie outside %v to %v: %s", [least, most, lib.interval(slope)])
