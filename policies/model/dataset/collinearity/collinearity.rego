# METADATA
# title: "Every feature of the model says something of its own"
# custom:
#   severity: warn
#   clause: "TRIPOD+AI 9"
#   remedy: "leave out features that do not vary, and of two that say the same the one that is harder to measure; a ridge penalty makes do with both"
package model.dataset.collinearity

import data.lib

satisfied if {
	constant == 0
	pairs == 0
}

constant := lib.value(lib.overall("dataset", "constant_features"))

pairs := lib.value(lib.overall("dataset", "collinear_features"))

message := sprintf("%v features hardly vary, and %v pairs of features correlate above 0.9 (%s)", [
	constant, pairs,
	object.get(lib.overall("dataset", "collinear_features"), "method", "none"),
])
