# METADATA
# title: "The model is not worse than the champion"
# custom:
#   clause: "FDA non-inferiority guidance 2016; DeLong 1988, doi:10.2307/2531595"
#   remedy: "keep the champion, or improve the candidate; a wide interval needs more patients in the holdout"
package model.performance.non_inferiority

import data.lib

satisfied if lib.value(lib.overall("performance", "champions")) == 0

satisfied if lib.at_least(difference, 0 - margin)

inconclusive if lib.straddles(difference, 0 - margin)

difference := lib.overall("performance", "auroc_difference") if lib.binary

difference := lib.overall("performance", "c_index_difference") if lib.survival

margin := lib.limits.performance.non_inferiority_margin

message := sprintf("the candidate may be worse than the champion by as much as %v, margin %v: difference %s", [
	round((0 - lib.low(difference)) * 1000) / 1000, margin, lib.interval(difference),
])
