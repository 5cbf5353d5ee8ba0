# METADATA
# title: "No row and no patient stands twice"
# custom:
#   clause: "GMLP principle 4"
#   remedy: "remove the duplicate rows at the source; one row a patient and index date"
package model.dataset.duplicates

import data.lib

satisfied if {
	rows <= lib.limits.dataset.duplicate_rows_max
	keys == 0
}

rows := lib.value(lib.overall("dataset", "duplicate_rows"))

keys := lib.value(lib.overall("dataset", "duplicate_keys"))

message := sprintf("%v duplicate rows and %v duplicate patient keys, limit %v", [rows, keys, lib.limits.dataset.duplicate_rows_max])
