# METADATA
# title: "Deciding by the model is better than treating all patients alike"
# custom:
#   clause: "Vickers and Elkin 2006, doi:10.1177/0272989X06295361; TRIPOD+AI 12e"
#   remedy: "improve or recalibrate the model, choose a decisionThreshold that the decision asks for, or evaluate on more patients when the interval is wide"
package model.performance.net_benefit

import data.lib

satisfied if lib.survival

satisfied if lib.at_least(gain, limit)

inconclusive if lib.straddles(gain, limit)

gain := lib.overall("performance", "net_benefit_gain")

limit := lib.limits.performance.net_benefit_gain_min

message := sprintf("net benefit over the better of treat all and treat none may be as low as %s, limit %v: %s", [lib.short(gain.low), limit, lib.interval(gain)])
