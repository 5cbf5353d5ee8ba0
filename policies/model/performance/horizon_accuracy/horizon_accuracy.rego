# METADATA
# title: "Risks by the horizon say more than the survival curve of all patients"
# custom:
#   clause: "TRIPOD+AI 12e; Graf 1999, doi:10.1002/(SICI)1097-0258(19990915/30)18:17/18"
#   remedy: "improve or recalibrate the model, or evaluate on more patients when the interval is wide"
package model.performance.horizon_accuracy

import data.lib

satisfied if lib.binary

# Whether a horizon is asked for, the rule horizon says.
satisfied if lib.value(lib.overall("performance", "horizons")) == 0

satisfied if lib.at_least(accuracy, limit)

inconclusive if lib.straddles(accuracy, limit)

accuracy := lib.overall("performance", "scaled_brier_at_horizon")

limit := lib.limits.performance.horizon_scaled_brier_min

message := sprintf("scaled Brier score at the horizon may be as low as %s, limit %v: %s", [lib.short(accuracy.low), limit, lib.interval(accuracy)])
