# METADATA
# title: "No cohort is served worse by a new model"
# custom:
#   clause: "45 CFR 92.210; FDA GMLP principle 10"
#   remedy: "keep the champion, or look at the cohorts' table in the report for whom the candidate misses; a wide interval needs more patients with the event"
package model.bias.cohort_regression

import data.lib

satisfied if lib.value(lib.overall("bias", "champions")) == 0

satisfied if {
	compared
	every change in changes { lib.at_least(change, 0 - margin) }
}

# Some interval holds the margin, and none lies beyond it.
inconclusive if {
	compared
	every change in changes { lib.high(change) >= 0 - margin }
	some change in changes
	lib.straddles(change, 0 - margin)
}

compared if lib.value(lib.overall("bias", "champions")) == 1

# Survival models make no decision; what they may lose is the order of patients.
changes := lib.per_column({"worst_sensitivity_change", "worst_c_index_change"})

margin := lib.limits.bias.cohort_regression_margin

message := sprintf("%s may fall by as much as %v in a cohort of %s, margin %v: change %s%s", [
	lost[worst.name], round((0 - lib.low(worst)) * 1000) / 1000, worst.group, margin, lib.interval(worst), needed,
])

lost := {"worst_sensitivity_change": "sensitivity", "worst_c_index_change": "concordance"}

# What is told is the loss that is proven, if one is, and else the widest.
proven := [change | some change in changes; lib.high(change) < 0 - margin]

worst := [change | some change in proven; lib.high(change) == min([lib.high(x) | some x in proven])][0]

worst := [change | some change in changes; lib.low(change) == min([lib.low(x) | some x in changes])][0] if proven == []

default needed := ""

needed := lib.lacking(worst.group) if proven == []
