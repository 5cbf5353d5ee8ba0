# METADATA
# title: "Whoever trained the model is one of those who may"
# custom:
#   control: CMP-018
#   clause: "45 CFR 164.312(d); SLSA v1.0 provenance, builder.id"
#   remedy: "train with an allowed builder; if this one may train, add its identity, letter by letter, to spec.controls.builders of assay.yaml in a change of its own"
package model.compliance.builder_identity

import data.lib

satisfied if {
	lib.value(total) > 0
	count(allowed) == lib.value(total)
	count(input.model.builders) > 0
	every builder in input.model.builders { builder in allowed }
}

total := lib.overall("compliance", "builders_allowed")

allowed := [m.group | some m in lib.named("compliance", "builder_allowed"); lib.value(m) == 1]

message := sprintf("trained by %s, allowed: %s", [concat(", ", input.model.builders), concat(", ", allowed)]) if {
	count(input.model.builders) > 0
	lib.value(total) >= 0
}
