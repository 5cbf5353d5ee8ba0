# METADATA
# title: "The model finds the event in the cohort that it serves worst"
# custom:
#   clause: "45 CFR 92.210; STARD 2015 item 23"
#   remedy: "look at the cohorts' table in the report: lower decisionThreshold in model.yaml, train on more patients of that cohort, or evaluate on more of them"
package model.bias.worst_cohort_sensitivity

import data.lib

satisfied if lib.survival

satisfied if {
	every cohort in cohorts { lib.at_least(cohort, limit) }
}

# Some interval holds the limit, and none lies below it.
inconclusive if {
	count(cohorts) > 0
	every cohort in cohorts { lib.high(cohort) >= limit }
	some cohort in cohorts
	lib.straddles(cohort, limit)
}

cohorts := lib.per_column({"worst_sensitivity"})

limit := lib.limits.bias.worst_cohort_sensitivity_min

message := sprintf("sensitivity may be as low as %s in a cohort of %s, limit %v: %s%s", [lib.short(worst.low), worst.group, limit, lib.interval(worst), needed])

# What is told is the cohort that is proven to be served badly, if one is, and
# else the one that may be served worst.
proven := [cohort | some cohort in cohorts; lib.high(cohort) < limit]

worst := [cohort | some cohort in proven; lib.high(cohort) == min([lib.high(x) | some x in proven])][0]

worst := [cohort | some cohort in cohorts; lib.low(cohort) == min([lib.low(x) | some x in cohorts])][0] if proven == []

default needed := ""

needed := lib.lacking(worst.group) if proven == []
