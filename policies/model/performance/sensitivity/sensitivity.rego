# METADATA
# title: "The model finds patients with the event at its threshold"
# custom:
#   clause: "STARD 2015 item 23; Wilson 1927"
#   remedy: "lower decisionThreshold in model.yaml, or evaluate on more patients with the event"
package model.performance.sensitivity

import data.lib

satisfied if lib.survival

satisfied if lib.at_least(sensitivity, limit)

inconclusive if lib.straddles(sensitivity, limit)

sensitivity := lib.overall("performance", "sensitivity")

limit := lib.limits.performance.sensitivity_min

message := sprintf("sensitivity may be as low as %s, limit %v: %s", [lib.short(sensitivity.low), limit, lib.interval(sensitivity)])
