# METADATA
# title: "As many patients have the event by the horizon as the model predicts"
# custom:
#   clause: "TRIPOD+AI 12e; McLernon 2023, doi:10.7326/M22-0844"
#   remedy: "recalibrate the baseline hazard on data of the intended patients, or evaluate on more patients when the interval is wide"
package model.performance.horizon_calibration

import data.lib

satisfied if lib.binary

# Whether a horizon is asked for, the rule horizon says.
satisfied if lib.value(lib.overall("performance", "horizons")) == 0

satisfied if {
	lib.low(ratio) >= least
	lib.high(ratio) <= most
}

# Where it need not be proven, the interval meets the limits and the point is
# near 1: a holdout of a few hundred patients cannot say more.
satisfied if {
	performance.calibration_proof_required == false
	meets
	lib.value(ratio) >= performance.horizon_oe_ratio_point_min
	lib.value(ratio) <= performance.horizon_oe_ratio_point_max
}

inconclusive if meets

meets if {
	lib.low(ratio) <= most
	lib.high(ratio) >= least
}

ratio := lib.overall("performance", "oe_ratio_at_horizon")

performance := lib.limits.performance

least := performance.horizon_oe_ratio_min

most := performance.horizon_oe_ratio_max

message := sprintf("observed over expected events by the horizon may lie outside %v to %v: %s", [least, most, lib.interval(ratio)])
