# METADATA
# title: "The holdout holds enough outcomes to measure with"
# custom:
#   clause: "Vergouwe 2005; Collins 2016, doi:10.1002/sim.6787"
#   remedy: "add patients to the holdout until both outcomes reach the limit"
package model.dataset.events

import data.lib

satisfied if {
	events >= limit
	others >= limit
}

limit := lib.limits.dataset.events_min

events := lib.value(lib.overall("dataset", "events"))

others := lib.value(lib.overall("dataset", "non_events"))

message := sprintf("the holdout holds %v events and %v without, limit %v of each", [events, others, limit])
