# METADATA
# title: "The model predicts better than the prevalence alone"
# custom:
#   clause: "Steyerberg 2010, doi:10.1097/EDE.0b013e3181c30fb2"
#   remedy: "improve the model, or evaluate it on more patients when the interval is wide"
package model.performance.accuracy

import data.lib

satisfied if lib.survival

satisfied if lib.at_least(brier, limit)

inconclusive if lib.straddles(brier, limit)

brier := lib.overall("performance", "scaled_brier")

limit := lib.limits.performance.scaled_brier_min

message := sprintf("scaled Brier score may be as low as %s, limit %v: %s", [lib.short(brier.low), limit, lib.interval(brier)])
