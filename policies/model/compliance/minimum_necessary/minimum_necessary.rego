# METADATA
# title: "Every input of the model is agreed, and there is a reason for it"
# custom:
#   control: CMP-007
#   clause: "45 CFR 164.502(b); GDPR 5(1)(c)"
#   remedy: "say in spec.features of models/<model>/governance.yaml, once for each input of model.yaml, why the model needs it; do not train on what nobody can give a reason for"
package model.compliance.minimum_necessary

import data.lib

satisfied if {
	lib.value(features) > 0
	lib.value(unjustified) == 0
	lib.value(repeated) == 0
	lib.value(undeclared) == 0
}

features := lib.overall("compliance", "features")

unjustified := lib.overall("compliance", "features_unjustified")

repeated := lib.overall("compliance", "features_repeated")

undeclared := lib.overall("compliance", "features_undeclared")

message := sprintf("of %s inputs %s have no reason%s, %s are not in the contract%s; %s inputs have more than one%s", [
	features.value,
	unjustified.value, told(lib.named("compliance", "feature_unjustified")),
	undeclared.value, told(lib.named("compliance", "feature_undeclared")),
	repeated.value, told(lib.named("compliance", "feature_repeated")),
])

told(found) := "" if count(found) == 0

told(found) := sprintf(" (%s)", [concat(", ", {m.group | some m in found})]) if count(found) > 0
