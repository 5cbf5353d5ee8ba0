# METADATA
# title: "Every hazard has a mitigation that is measured, and somebody answers for what stays"
# custom:
#   control: CMP-021
#   clause: "EU AI Act, article 9; ISO 14971:2019"
#   remedy: "fill spec.risks of models/<model>/governance.yaml, with a pointer to what is measured of each mitigation, and let somebody who may accept the residual risk in spec.residualRisk: one of the people of assay.yaml, in a role that they have"
package model.compliance.risk_file

import data.lib

satisfied if {
	lib.value(risks) > 0
	lib.value(missing) == 0
	lib.all_pointed("compliance", "risk_pointer", lib.value(shown))
	lib.value(unsaid) == 0
	lib.value(role) == 1
	role.group in lib.limits.compliance.acceptance_roles_allowed
	lib.value(known) == 1
	lib.value(date) <= lib.now
}

risks := lib.overall("compliance", "risks")

missing := lib.overall("compliance", "risk_fields_missing")

shown := lib.overall("compliance", "risk_pointers")

unsaid := lib.overall("compliance", "acceptance_fields_missing")

# role is the one that the risk was accepted in; two of them are none.
role := roles[0] if count(roles) == 1

roles := lib.named("compliance", "acceptance_role")

known := lib.overall("compliance", "acceptance_by_one_of_the_people")

date := lib.overall("compliance", "acceptance_date")

message := sprintf("%s risks, %s fields of them say nothing%s; accepted on %s in the role %q, by one of the people: %s of 1, fields that say nothing: %s%s%s", [
	risks.value, missing.value, lib.listing("compliance", "risk_field_missing"), lib.day(date), role.group, known.value,
	unsaid.value, lib.listing("compliance", "acceptance_field_missing"), lib.dangled("risk_pointer"),
])
