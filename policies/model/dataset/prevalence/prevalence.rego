# METADATA
# title: "The outcome is as frequent in the holdout as in training"
# custom:
#   severity: warn
#   clause: "TRIPOD+AI 20c"
#   remedy: "split anew by outcome, or say in the card which population the holdout stands for: predicted risks move with the prevalence"
package model.dataset.prevalence

import data.lib

satisfied if {
	lib.at_most(found, limit)
	lib.at_least(found, 0 - limit)
}

inconclusive if {
	lib.low(found) <= limit
	lib.high(found) >= 0 - limit
}

found := lib.overall("dataset", "prevalence_difference")

limit := lib.limits.dataset.prevalence_difference_max

message := sprintf("the share of events differs by %s between holdout and training, limit %v either way", [lib.interval(found), limit])
