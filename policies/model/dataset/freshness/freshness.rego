# METADATA
# title: "The data was taken from its source not long ago"
# custom:
#   severity: warn
#   clause: "GMLP principle 10; TRIPOD+AI 5b"
#   remedy: "extract anew, measure the model on it, and write the day into spec.extracted of dataset.yaml"
package model.dataset.freshness

import data.lib

satisfied if {
	declared == 1
	age >= -2
	age <= limit
}

limit := lib.limits.dataset.extract_age_days_max

age := (lib.now - lib.value(lib.overall("dataset", "extracted"))) / 86400

declared := lib.value(lib.overall("dataset", "extracted_declared"))

message := sprintf("the data was extracted %v days ago, limit %v", [floor(age), limit]) if declared == 1

message := "the contract does not say when the data was extracted" if declared == 0
