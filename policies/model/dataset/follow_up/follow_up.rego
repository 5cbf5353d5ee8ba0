# METADATA
# title: "Patients were followed as far as the model looks ahead"
# custom:
#   clause: "TRIPOD+AI 8a; Pocock 2002, doi:10.1016/S0140-6736(02)08594-X"
#   remedy: "extract later follow-up, or shorten spec.horizon of the model to a time that enough patients have reached"
package model.dataset.follow_up

import data.lib

# A score that only orders patients promises nothing by any time.
satisfied if horizons == 0

satisfied if {
	horizons == 1
	count(samples) > 0
	every m in samples { lib.value(m) >= limit }
}

horizons := lib.value(lib.overall("dataset", "horizon_declared"))

samples := lib.named("dataset", "at_risk_at_horizon")

limit := lib.limits.dataset.at_risk_share_min

message := sprintf("too few patients are followed to the horizon, limit %v: %s", [limit, concat(", ", short)]) if count(short) > 0

short contains sprintf("%s %s", [m.group, lib.short(m.value)]) if {
	some m in samples
	lib.value(m) < limit
}
