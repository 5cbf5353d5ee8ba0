# METADATA
# title: "As many patients have the event as the model predicts"
# custom:
#   clause: "TRIPOD+AI 12e; Van Calster 2016, doi:10.1016/j.jclinepi.2015.12.005"
#   remedy: "recalibrate the intercept on data with the prevalence of the intended patients, or evaluate on more patients when the interval is wide"
package model.performance.calibration_in_the_large

import data.lib

satisfied if lib.survival

satisfied if {
	both
	lib.low(intercept) >= 0 - furthest
	lib.high(intercept) <= furthest
}

satisfied if {
	both
	lib.low(ratio) >= least
	lib.high(ratio) <= most
}

# Where it need not be proven, the point lies within the limits: a holdout of a
# few hundred patients cannot say more.
satisfied if {
	performance.calibration_proof_required == false
	both
	intercept_meets
	abs(lib.value(intercept)) <= furthest
}

satisfied if {
	performance.calibration_proof_required == false
	both
	ratio_meets
	lib.value(ratio) >= least
	lib.value(ratio) <= most
}

inconclusive if {
	both
	intercept_meets
}

inconclusive if {
	both
	ratio_meets
}

# Two tellings of one thing: on the scale of log odds, and as a ratio of counts.
# One of them will do, but who tells only one hides the other.
both if {
	lib.ends(intercept)
	lib.ends(ratio)
}

intercept_meets if {
	lib.low(intercept) <= furthest
	lib.high(intercept) >= 0 - furthest
}

ratio_meets if {
	lib.low(ratio) <= most
	lib.high(ratio) >= least
}

intercept := lib.overall("performance", "calibration_in_the_large")

ratio := lib.overall("performance", "oe_ratio")

performance := lib.limits.performance

furthest := performance.calibration_in_the_large_max

least := performance.oe_ratio_min

most := performance.oe_ratio_max

message := sprintf("calibration in the large may lie further than %v from 0: %s; observed over expected events %s, limits %v to %v", [
	furthest, lib.interval(intercept), lib.interval(ratio), least, most,
])
