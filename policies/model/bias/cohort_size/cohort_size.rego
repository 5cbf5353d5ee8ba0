# METADATA
# title: "Every cohort has enough patients with the event to be judged"
# custom:
#   severity: warn
#   clause: "TRIPOD+AI 20b; Vergouwe 2005; Collins 2016"
#   remedy: "evaluate on more patients of the smallest cohort; until then a gap that is not seen there is not shown to be absent"
package model.bias.cohort_size

import data.lib

satisfied if {
	count(fewest) == lib.value(lib.overall("bias", "group_columns"))
	every cohort in fewest { lib.value(cohort) >= limit }
}

fewest := lib.named("bias", "fewest_positives")

limit := lib.limits.bias.cohort_positives_min

message := sprintf("fewer than %v patients with the event: %s", [limit, concat("; ", small)]) if {
	count(small) > 0
}

small contains sprintf("a cohort of %s has %v%s%s", [cohort.group, cohort.value, hidden(cohort), lib.lacking(cohort.group)]) if {
	some cohort in fewest
	lib.value(cohort) < limit
}

# Of a cohort that is not told, n is not either.
default hidden(_) := ""

hidden(cohort) := " or fewer" if cohort.n == 0
