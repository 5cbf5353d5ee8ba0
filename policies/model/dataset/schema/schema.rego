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

# Every column has a type; not every one has a range or a list of values.
broken := sum([
	lib.total("dataset", "type_violations"),
	lib.total_if_any("dataset", "range_violations"),
	lib.total_if_any("dataset", "domain_violations"),
])

message := sprintf("%s columns missing, %s unexpected, %v values of the wrong type, out of range or not allowed (%s)", [
	lib.overall("dataset", "columns_missing").value,
	lib.overall("dataset", "columns_unexpected").value,
	broken,
	concat(", ", columns),
])

kinds := {"type_violations", "range_violations", "domain_violations", "column_missing"}

columns contains m.group if {
	some kind in kinds
	some m in lib.named("dataset", kind)
	lib.value(m) > 0
}
