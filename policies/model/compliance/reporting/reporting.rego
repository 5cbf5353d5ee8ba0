# METADATA
# title: "What a reader needs to appraise the model is in the evidence"
# custom:
#   control: CMP-028
#   clause: "TRIPOD+AI 10, 12e, 22 and 23a"
#   remedy: "name in spec.reporting.specification of models/<model>/governance.yaml the file of the release that holds the whole model; sample size and interval are measured by themselves"
package model.compliance.reporting

import data.lib

satisfied if {
	lib.value(specification) > 0
	lib.value(size) > 0
	lib.ends(discrimination)
}

specification := files[0] if count(files) == 1

files := lib.named("compliance", "model_specification")

size := lib.overall("dataset", "development_n_required")

discrimination := lib.overall("performance", "auroc") if lib.binary

discrimination := lib.overall("performance", "c_index") if lib.survival

message := sprintf("the whole model is in %q: %s bytes; patients that its development needed: %s; discrimination: %s", [
	specification.group, specification.value, size.value, told,
])

told := lib.interval(discrimination) if lib.ends(discrimination)

else := "without an interval"
