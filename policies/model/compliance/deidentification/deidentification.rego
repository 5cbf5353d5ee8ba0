# METADATA
# title: "The data was de-identified by a recognised method, and this data bears it out"
# custom:
#   control: CMP-006
#   clause: "45 CFR 164.514(a)-(b) and (e)"
#   remedy: "name the method in spec.dataUse.deidentification of dataset.yaml: safe_harbor for data in which the scan finds no identifier, expert_determination with the digest of the report and its end, or limited_dataset under a data use agreement"
package model.compliance.deidentification

import data.lib

satisfied if {
	method == "safe_harbor"
	same_data
	lib.value(lib.overall("dataset", "phi_columns")) == 0
}

satisfied if {
	method == "expert_determination"
	lib.value(lib.overall("compliance", "expert_report")) == 1
	lib.value(lib.overall("compliance", "expert_expires")) > lib.now
}

satisfied if {
	method == "limited_dataset"
	lib.value(lib.overall("compliance", "data_use_agreement")) == 1
}

claimed := found[0] if {
	found := lib.named("compliance", "deidentification")
	count(found) == 1
}

method := claimed.group if lib.value(claimed) == 1

# same_data holds when the dataset gate scanned what the paperwork is about. The
# contract of a data set pins its file by digest, and the rows that are scanned
# are split off that file only when it has that digest; both gates signed which
# contract they looked at. So two equal contracts are one file.
same_data if input.model.inputs.dataset.contract == input.model.inputs.compliance.contract

message := sprintf("%q is no recognised method of de-identification", [claimed.group]) if lib.value(claimed) == 0

message := "safe harbour is claimed for other data than was scanned for identifiers" if {
	method == "safe_harbor"
	input.model.inputs.dataset.contract != input.model.inputs.compliance.contract
}

message := sprintf("safe harbour is claimed, and %s columns hold identifiers", [lib.overall("dataset", "phi_columns").value]) if {
	method == "safe_harbor"
	same_data
}

message := sprintf("report of the expert by digest: %s of 1, its determination ends %s", [
	lib.overall("compliance", "expert_report").value, lib.day(lib.overall("compliance", "expert_expires")),
]) if {
	method == "expert_determination"
}

message := "a limited data set is used without an agreement" if {
	method == "limited_dataset"
	lib.value(lib.overall("compliance", "data_use_agreement")) == 0
}
