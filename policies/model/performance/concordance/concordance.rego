# METADATA
# title: "The model orders patients by their survival"
# custom:
#   clause: "TRIPOD+AI 12e; Harrell 1996"
#   remedy: "improve the model, or evaluate it on more patients when the interval is wide"
package model.performance.concordance

import data.lib

satisfied if lib.binary

satisfied if lib.at_least(concordance, limit)

inconclusive if lib.straddles(concordance, limit)

concordance := lib.overall("performance", "c_index")

limit := lib.limits.performance.c_index_min

message := sprintf("C-index may be as low as %s, limit %v: %s", [lib.short(concordance.low), limit, lib.interval(concordance)])
