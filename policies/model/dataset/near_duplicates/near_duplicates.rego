# METADATA
# title: "Few rows equal another one but for rounding"
# custom:
#   severity: warn
#   clause: "GMLP principle 4"
#   remedy: "look for rows that were converted, rounded or measured twice, and keep one of them on one side of the split"
package model.dataset.near_duplicates

import data.lib

satisfied if rows <= lib.limits.dataset.near_duplicate_fraction_max * found.n

found := lib.overall("dataset", "near_duplicate_rows")

rows := lib.value(found)

message := sprintf("%v of %v rows equal another one but for rounding, limit %v of all", [rows, found.n, lib.limits.dataset.near_duplicate_fraction_max])
