# METADATA
# title: "The model finds the event equally well in every cohort"
# custom:
#   clause: "45 CFR 92.210; Hardt 2016"
#   remedy: "look at the cohorts' table in the report: train on data in which no cohort is under-recorded, or evaluate on more patients of the smallest cohort"
package model.bias.equal_opportunity

import data.lib

satisfied if lib.survival

satisfied if {
	every gap in gaps { lib.at_most(gap, limit) }
}

# Some interval holds the limit, and none lies beyond it.
inconclusive if {
	count(gaps) > 0
	every gap in gaps { lib.low(gap) <= limit }
	some gap in gaps
	lib.exceeds_within(gap, limit)
}

gaps := lib.per_column({"equal_opportunity_difference"})

limit := lib.limits.bias.equal_opportunity_max

message := sprintf("sensitivity gap may be as large as %s between cohorts of %s, limit %v: %s%s", [lib.short(worst.high), worst.group, limit, lib.interval(worst), needed])

# What is told is the gap that is proven, if one is, and else the widest.
proven := [gap | some gap in gaps; lib.low(gap) > limit]

worst := [gap | some gap in proven; lib.low(gap) == max([lib.low(x) | some x in proven])][0]

worst := [gap | some gap in gaps; lib.high(gap) == max([lib.high(x) | some x in gaps])][0] if proven == []

default needed := ""

needed := lib.lacking(worst.group) if proven == []
