# METADATA
# title: "The model orders patients equally well in every cohort"
# custom:
#   clause: "45 CFR 92.210; TRIPOD+AI 12e"
#   remedy: "look at the cohorts' table in the report; evaluate on more patients of the smallest cohort when the interval is wide"
package model.bias.discrimination_gap

import data.lib

satisfied if {
	lib.measured("bias")
	every gap in gaps { lib.at_most(gap, limit) }
}

inconclusive if {
	count(gaps) > 0
	every gap in gaps { lib.low(gap) <= limit }
	some gap in gaps
	lib.exceeds_within(gap, limit)
}

names := {"auroc_gap", "c_index_gap"}

gaps := [m | some m in input.model.measurements.bias; m.name in names]

limit := lib.limits.bias.auroc_gap_max

message := sprintf("discrimination gap may be as large as %s between cohorts of %s, limit %v: %s", [lib.short(worst.high), worst.group, limit, lib.interval(worst)])

highest := max([lib.high(gap) | some gap in gaps])

worst := [gap | some gap in gaps; lib.high(gap) == highest][0]
