# METADATA
# title: "Cohorts are selected about equally often"
# custom:
#   severity: warn
#   clause: "45 CFR 92.210; 29 CFR 1607.4(D)"
#   remedy: "see whether the event is as frequent in every cohort: where it is not, equal selection would be an error, and the model card says so"
package model.bias.demographic_parity

import data.lib

satisfied if lib.survival

satisfied if {
	every ratio in ratios { lib.bounds(ratio)[0] >= limit }
}

inconclusive if unproven

# Some interval holds the limit, and none lies below it.
unproven if {
	count(ratios) > 0
	every ratio in ratios { lib.bounds(ratio)[1] >= limit }
	count(low) > 0
}

ratios := lib.looked_at("demographic_parity_ratio")

limit := lib.limits.bias.demographic_parity_ratio_min

message := sprintf("a cohort may be selected less than %v times as often as another: %s%s", [limit, concat("; ", apart), needed]) if {
	count(apart) > 0
}

apart contains sprintf("the ratio between cohorts of %s is %s", [ratio.group, lib.told(ratio)]) if some ratio in low

low contains ratio if {
	some ratio in ratios
	lib.bounds(ratio)[0] < limit
}

default needed := ""

needed := concat("", {lib.lacking(ratio.group) | some ratio in low}) if unproven
