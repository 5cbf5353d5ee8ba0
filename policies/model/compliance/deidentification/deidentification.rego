# METADATA
# title: "The data was de-identified by a recognised method"
# custom:
#   clause: "45 CFR 164.514(a)-(b)"
#   remedy: "name the method in dataset.yaml: safe_harbor, expert_determination or limited_dataset"
package model.compliance.deidentification

import data.lib

satisfied if lib.value(lib.overall("compliance", "deidentification")) == 1

message := "dataset.yaml names no recognised method of de-identification" if lib.value(lib.overall("compliance", "deidentification")) == 0
