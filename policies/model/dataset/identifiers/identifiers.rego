# METADATA
# title: "The data holds no patient identifier"
# custom:
#   clause: "45 CFR 164.514(b)(2)"
#   remedy: "remove or generalise the named columns; never commit identifiers: the history of the repository must be cleaned as well"
package model.dataset.identifiers

import data.lib

satisfied if lib.value(lib.overall("dataset", "phi_columns")) == 0

message := sprintf("%s columns hold patient identifiers: %s", [lib.overall("dataset", "phi_columns").value, concat(", ", columns)])

columns contains sprintf("%s (%s values)", [m.group, m.value]) if {
	some m in lib.named("dataset", "phi_values")
	lib.value(m) > 0
}
