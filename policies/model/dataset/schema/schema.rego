# METADATA
# title: "The data keeps its contract"
# custom:
#   clause: "TRIPOD+AI 6a; EU AI Act 10(3)"
#   remedy: "make the file match datasets/<name>/dataset.yaml: columns, types, allowed values, ranges; or change the contract in a pull request of its own"
package model.dataset.schema

import data.lib

satisfied if {
	lib.value(lib.overall("dataset", "columns_missing")) == 0
	lib.value(lib.overall("dataset", "columns_unexpected")) == 0
	broken == 0
}

broken := (lib.total("dataset", "type_violations") + lib.total("dataset", "range_violations")) + lib.total("dataset", "domain_violations")

message := sprintf("%s columns missing, %s unexpected, %v values of the wrong type, out of range or not allowed (%s)", [
	lib.overall("dataset", "columns_missing").value,
	lib.overall("dataset", "columns_unexpected").value,
	broken,
	concat(", ", columns),
])

kinds := {"type_violations", "range_violations", "domain_violations", "column_missing"}

columns contains m.group if {
	some m in input.model.measurements.dataset
	m.name in kinds
	lib.value(m) > 0
}
