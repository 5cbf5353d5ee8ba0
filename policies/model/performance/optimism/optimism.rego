# METADATA
# title: "The model discriminates on new patients as it does on those it was trained on"
# custom:
#   clause: "TRIPOD+AI 12f; Harrell 1996, doi:10.1002/(SICI)1097-0258(19960229)15:4"
#   remedy: "use fewer features or a stronger penalty; a wide interval needs more patients in the holdout"
package model.performance.optimism

import data.lib

satisfied if lib.at_most(optimism, limit)

inconclusive if lib.exceeds_within(optimism, limit)

optimism := lib.overall("performance", "optimism")

limit := lib.limits.performance.optimism_max

message := sprintf("on new patients discrimination may be lower by as much as %s than in training, limit %v: %s", [lib.short(optimism.high), limit, lib.interval(optimism)])
