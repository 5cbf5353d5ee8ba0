# METADATA
# title: "The model orders patients equally well in every cohort"
# custom:
#   clause: "45 CFR 92.210; TRIPOD+AI 12e"
#   remedy: "look at the cohorts' table in the report; evaluate on more patients of the smallest cohort when the interval is wide"
package model.bias.discrimination_gap

import data.lib

satisfied if {
	every gap in gaps { lib.at_most(gap, limit) }
}

inconclusive if {
	count(gaps) > 0
	every gap in gaps { lib.low(gap) <= limit }
	some gap in gaps
	lib.exceeds_within(gap, limit)
}

gaps := lib.per_column({"auroc_gap", "c_index_gap"})

limit := lib.limits.bias.auroc_gap_max

message := sprintf("discrimination gap may be as large as %s between cohorts of %s, limit %v: %s%s", [lib.short(worst.high), worst.group, limit, lib.interval(worst), needed])

# What is told is the gap that is proven, if one is, and else the widest.
proven := [gap | some gap in gaps; lib.low(gap) > limit]

worst := [gap | some gap in proven; lib.low(gap) == max([lib.low(x) | some x in proven])][0]

worst := [gap | some gap in gaps; lib.high(gap) == max([lib.high(x) | some x in gaps])][0] if proven == []

default needed := ""

needed := lib.lacking(worst.group) if proven == []
