# METADATA
# title: "Where the data comes from, what was done to it and what it lacks is on record"
# custom:
#   control: CMP-022
#   clause: "EU AI Act, article 10(2) to (5)"
#   remedy: "fill origin, preparation, biasExamination, gaps and specialCategory in spec.data of models/<model>/governance.yaml"
package model.compliance.data_governance

import data.lib

satisfied if lib.value(missing) == 0

missing := lib.overall("compliance", "data_governance_fields_missing")

message := sprintf("%s of %v fields about the data say nothing%s", [missing.value, missing.n, lib.listing("compliance", "data_governance_field_missing")])
