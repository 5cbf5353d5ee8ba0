# METADATA
# title: "The holdout measures discrimination precisely"
# custom:
#   severity: warn
#   clause: "Riley 2021, doi:10.1002/sim.9025"
#   remedy: "add patients to the holdout: four times as many halve the width"
package model.dataset.precision

import data.lib

satisfied if width <= lib.limits.dataset.c_statistic_width_max

# What a sample of this size was foretold is in c_statistic_width; this is what came of it.
ranking := lib.overall("performance", "auroc") if lib.binary

ranking := lib.overall("performance", "c_index") if lib.survival

width := lib.high(ranking) - lib.low(ranking)

message := sprintf("the interval of the C-statistic is %v wide, limit %v", [round(width * 1000) / 1000, lib.limits.dataset.c_statistic_width_max])
