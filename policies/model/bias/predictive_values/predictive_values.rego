# METADATA
# title: "An answer means about the same in every cohort"
# custom:
#   severity: warn
#   clause: "45 CFR 92.210; Chouldechova 2017, doi:10.1089/big.2016.0047"
#   remedy: "see how frequent the event is in each cohort: where frequencies differ, equal error rates leave unequal predictive values, and the model card tells both"
package model.bias.predictive_values

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

ratios := array.concat(lib.looked_at("ppv_ratio"), lib.looked_at("npv_ratio"))

limit := lib.limits.bias.predictive_value_ratio_min

message := sprintf("a predictive value may be less than %v times that of another cohort: %s%s", [limit, concat("; ", apart), needed]) if {
	count(apart) > 0
}

apart contains sprintf("%s between cohorts of %s is %s", [ratio.name, ratio.group, lib.told(ratio)]) if some ratio in low

low contains ratio if {
	some ratio in ratios
	lib.bounds(ratio)[0] < limit
}

default needed := ""

needed := concat("", {lib.lacking(ratio.group) | some ratio in low}) if unproven
