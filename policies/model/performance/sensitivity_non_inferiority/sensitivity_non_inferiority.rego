# METADATA
# title: "The model finds no fewer patients than the champion"
# custom:
#   clause: "FDA non-inferiority guidance 2016; McNemar 1947, doi:10.1007/BF02295996"
#   remedy: "keep the champion, or lower decisionThreshold in model.yaml; a wide interval needs more patients with the event in the holdout"
package model.performance.sensitivity_non_inferiority

import data.lib

satisfied if lib.survival

satisfied if lib.value(lib.overall("performance", "champions")) == 0

satisfied if lib.at_least(difference, 0 - margin)

inconclusive if lib.straddles(difference, 0 - margin)

difference := lib.overall("performance", "sensitivity_difference")

margin := lib.limits.performance.sensitivity_non_inferiority_margin

message := sprintf("the candidate may find fewer than the champion by as much as %v, margin %v: difference %s", [
	round((0 - lib.low(difference)) * 1000) / 1000, margin, lib.interval(difference),
])
