# METADATA
# title: "Every row has a usable outcome"
# custom:
#   clause: "TRIPOD+AI 8a"
#   remedy: "drop or complete rows without an outcome, and write a binary outcome as 0 or 1"
package model.dataset.labels

import data.lib

satisfied if {
	counted
	lib.total("dataset", "label_missing") <= lib.limits.dataset.label_missing_max
	lib.total("dataset", "label_invalid") == 0
	lib.total("dataset", "negative_times") == 0
}

# The sum of what nobody counted is 0 as well.
counted if {
	every name in names { count(lib.named("dataset", name)) > 0 }
}

names := {"label_missing", "label_invalid"} if lib.binary

names := {"label_missing", "label_invalid", "negative_times"} if lib.survival

message := sprintf("%v rows without an outcome, %v with one that is not 0 or 1, %v negative follow-up times", [
	lib.total("dataset", "label_missing"),
	lib.total("dataset", "label_invalid"),
	lib.total("dataset", "negative_times"),
]) if counted
