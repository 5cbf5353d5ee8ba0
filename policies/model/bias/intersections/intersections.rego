# METADATA
# title: "The model finds the event in patients of two cohorts at once"
# custom:
#   severity: warn
#   clause: "45 CFR 92.210; TRIPOD+AI 12e; Crenshaw 1989"
#   remedy: "look at sensitivity_shrunk of the cells in the report: it says who may be served worst; evaluate on more of them before anything is concluded"
package model.bias.intersections

import data.lib

satisfied if lib.survival

satisfied if {
	every gap in gaps { lib.bounds(gap)[1] <= limit }
}

# Some interval holds the limit, and none lies beyond it.
inconclusive if {
	count(gaps) > 0
	every gap in gaps { lib.bounds(gap)[0] <= limit }
	some gap in gaps
	lib.bounds(gap)[1] > limit
}

# Every two columns are crossed, each pair once.
gaps := found if {
	found := lib.named("bias", "intersectional_sensitivity_gap")
	columns := lib.value(lib.overall("bias", "group_columns"))
	count(found) == (columns * (columns - 1)) / 2
	every gap in found { lib.bounds(gap) }
}

limit := lib.limits.bias.intersectional_gap_max

message := sprintf("sensitivity may differ by more than %v between patients of two cohorts at once: %s", [limit, concat("; ", apart)]) if {
	count(apart) > 0
}

apart contains sprintf("the shrunk gap over %s is %s%s", [gap.group, lib.told(gap), lib.lacking(gap.group)]) if {
	some gap in gaps
	lib.bounds(gap)[1] > limit
}
