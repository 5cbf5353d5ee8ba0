# METADATA
# title: "The model tells patients with the event from those without"
# custom:
#   clause: "TRIPOD+AI 12e; DeLong 1988, doi:10.2307/2531595"
#   remedy: "improve the model, or evaluate it on more patients when the interval is wide"
package model.performance.discrimination

import data.lib

satisfied if lib.survival

satisfied if lib.at_least(auroc, limit)

inconclusive if lib.straddles(auroc, limit)

auroc := lib.overall("performance", "auroc")

limit := lib.limits.performance.detection_auroc_min if input.model.facts.purpose == "detection"

limit := lib.limits.performance.risk_auroc_min if input.model.facts.purpose in {"risk", "prognosis"}

message := sprintf("AUROC may be as low as %s, limit %v: %s", [lib.short(auroc.low), limit, lib.interval(auroc)])
