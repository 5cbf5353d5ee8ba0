# METADATA
# title: "Every row has a usable outcome"
# custom:
#   clause: "TRIPOD+AI 8a"
#   remedy: "drop or complete rows without an outcome, and write a binary outcome as 0 or 1"
package model.dataset.labels

import data.lib

satisfied if {
	missing <= lib.limits.dataset.label_missing_max
	invalid == 0
	negative == 0
}

missing := lib.total("dataset", "label_missing")

invalid := lib.total("dataset", "label_invalid")

# Who predicts no time to an event need not have one.
negative := lib.total("dataset", "negative_times") if lib.survival

negative := lib.total_if_any("dataset", "negative_times") if lib.binary

message := sprintf("%v rows without an outcome, %v with one that is not 0 or 1, %v negative follow-up times", [missing, invalid, negative])
