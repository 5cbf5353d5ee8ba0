# METADATA
# title: "What was trained on, what was measured and what was agreed are the same data"
# custom:
#   control: CMP-017
#   clause: "45 CFR 164.312(c)(1)-(2); 21 CFR 11.10(c)"
#   remedy: "deliver the release again from the promotion repository: its provenance, its measurements and its paperwork are about different files; do not sign one for the other"
package model.compliance.integrity

import data.lib

# Whether signatures hold is for model.evidence.verified, and whether each gate
# spoke for model.evidence.complete. This rule compares what they speak of: the
# file of the data by its digest, and the rows that were split off it.
satisfied if {
	input.model.materials.data == agreed
	every gate in measurers {
		input.model.inputs[gate].train == input.model.materials.train
		input.model.inputs[gate].holdout == input.model.inputs.dataset.holdout
	}
}

# measurers are the gates that look at patients' rows.
measurers := {"dataset", "performance", "bias"}

agreed := found[0].group if {
	found := lib.named("compliance", "data")
	count(found) == 1
	lib.value(found[0]) == 1
}

message := sprintf("trained on data %s, agreed data %s; other training rows: %s; other holdout rows: %s", [
	input.model.materials.data, agreed, told(strangers("train", input.model.materials.train)), told(strangers("holdout", input.model.inputs.dataset.holdout)),
])

strangers(rows, digest) := {gate | some gate in measurers; input.model.inputs[gate][rows] != digest}

told(gates) := concat(", ", gates) if count(gates) > 0

told(gates) := "none" if count(gates) == 0
