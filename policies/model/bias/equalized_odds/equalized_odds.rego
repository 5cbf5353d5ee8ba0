# METADATA
# title: "No gap in error rates is known to be of concern"
# custom:
#   severity: warn
#   clause: "45 CFR 92.210; Hardt 2016"
#   remedy: "look at the cohorts' table in the report: the gap is real, if not yet beyond what equal_opportunity and false_positive_rate allow; find out whose records cause it"
package model.bias.equalized_odds

import data.lib

satisfied if lib.survival

# That no gap is too large is what other rules ask to be shown. Here a gap is
# told of that is sure to be there, and may still be small enough for them.
satisfied if {
	every gap in gaps { lib.bounds(gap)[0] <= limit }
}

gaps := lib.looked_at("equalized_odds_difference")

limit := lib.limits.bias.equalized_odds_max

message := sprintf("sensitivity or false positive rate differ by more than %v: %s", [limit, concat("; ", proven)]) if {
	count(proven) > 0
}

proven contains sprintf("between cohorts of %s by %s", [gap.group, lib.interval(gap)]) if {
	some gap in gaps
	lib.low(gap) > limit
}
