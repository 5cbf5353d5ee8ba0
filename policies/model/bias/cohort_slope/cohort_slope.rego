# METADATA
# title: "Predicted risks are neither too extreme nor too timid in any cohort"
# custom:
#   clause: "45 CFR 92.210; TRIPOD+AI 12e; Van Calster 2019, doi:10.1186/s12916-019-1466-7"
#   remedy: "look at the cohorts' table in the report: recalibrate within the cohorts on the training data, or evaluate on more patients of the smallest one"
package model.bias.cohort_slope

import data.lib

satisfied if lib.survival

satisfied if {
	every cohort in lowest { lib.at_least(cohort, least) }
	every cohort in highest { lib.at_most(cohort, most) }
}

inconclusive if unproven

# No interval lies outside the limits.
unproven if {
	count(lowest) > 0
	every cohort in lowest { lib.high(cohort) >= least }
	every cohort in highest { lib.low(cohort) <= most }
}

lowest := lib.per_column({"lowest_calibration_slope"})

highest := lib.per_column({"highest_calibration_slope"})

least := lib.limits.bias.cohort_slope_min

most := lib.limits.bias.cohort_slope_max

message := sprintf("the calibration slope may lie outside %v to %v: %s%s", [least, most, concat("; ", beyond), needed]) if {
	count(beyond) > 0
}

beyond contains sprintf("a cohort of %s has %s", [cohort.group, lib.interval(cohort)]) if some cohort in outside

outside contains cohort if {
	some cohort in lowest
	not lib.at_least(cohort, least)
}

outside contains cohort if {
	some cohort in highest
	not lib.at_most(cohort, most)
}

default needed := ""

needed := concat("", {lib.lacking(cohort.group) | some cohort in outside}) if unproven
