# METADATA
# title: "Deciding by the model is better than treating all alike at every threshold that may be chosen"
# custom:
#   clause: "Vickers and Elkin 2006, doi:10.1177/0272989X06295361; TRIPOD+AI 12e"
#   remedy: "narrow decisionRange to the thresholds that the decision asks for, recalibrate the model, or evaluate on more patients when the interval is wide"
package model.performance.net_benefit_range

import data.lib

satisfied if lib.survival

# Who declares no range decides at one threshold, of which net_benefit speaks.
satisfied if lib.value(lib.overall("performance", "decision_thresholds")) == 0

satisfied if lib.at_least(gain, limit)

inconclusive if lib.straddles(gain, limit)

gain := lib.overall("performance", "net_benefit_gain_least")

limit := lib.limits.performance.net_benefit_gain_min

message := sprintf("net benefit over the better of treat all and treat none may somewhere be as low as %s, limit %v; it is least at %s: %s", [
	lib.short(gain.low), limit, lib.short(lib.overall("performance", "net_benefit_gain_least_at").value), lib.interval(gain),
])
