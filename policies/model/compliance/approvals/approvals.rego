# METADATA
# title: "Enough people other than the authors have approved"
# custom:
#   control: CMP-013
#   clause: "SOC 2 CC8.1 and CC5.1; 21 CFR 11.50; ICH E6(R3) 3.9 to 3.11"
#   remedy: "let more people sign this very content, none of them an author, in distinct roles: assay approve --environment <environment> --model <model> --meaning approval; assay approvals tells which signatures count"
package model.compliance.approvals

import data.lib

satisfied if {
	approvals >= people_min
	roles >= roles_min
}

approvals := lib.value(lib.overall("compliance", "approvals"))

roles := lib.value(lib.overall("compliance", "approval_roles"))

# What can harm most is looked at by more people: it depends on the risk class.
people_min := lib.limits.compliance.high_risk_approvals_min if high_risk

people_min := lib.limits.compliance.approvals_min if not_high_risk

roles_min := lib.limits.compliance.high_risk_roles_min if high_risk

roles_min := lib.limits.compliance.roles_min if not_high_risk

high_risk if input.model.facts.riskClass == "high"

not_high_risk if input.model.facts.riskClass in {"low", "moderate"}

message := sprintf("%v people in %v roles have approved this content, limit %v people in %v roles", [approvals, roles, people_min, roles_min])
