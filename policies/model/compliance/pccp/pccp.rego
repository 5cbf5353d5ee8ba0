# METADATA
# title: "What differs from the cleared model lies within the plan that was cleared with it"
# custom:
#   control: CMP-019
#   clause: "FDA, predetermined change control plans for AI-enabled device software functions (2024, reissued 2025); section 515C of the FD&C Act"
#   remedy: "undo what lies outside of spec.modifications.bounds of models/<model>/governance.yaml, or submit the modification to the regulator and write down what was cleared then; of a model that was never cleared say so in spec.modifications.reason, and claim nothing in the card"
package model.compliance.pccp

import data.lib

# What nobody has cleared is not bound to anything, and claims nothing.
satisfied if {
	lib.value(cleared) == 0
	lib.value(reason) == 1
	lib.value(claimed) == 0
}

satisfied if {
	lib.value(cleared) == 1
	lib.value(submission) == 1
	lib.value(outside) == 0
	every one in modifications { lib.value(one) == 1 }
	count(modifications) == lib.value(counted)
	lib.value(unlimited) == 0
	lib.all_pointed("compliance", "protocol_pointer", lib.value(criteria))
	lib.value(impact) == 1
}

cleared := lib.overall("compliance", "cleared")

reason := lib.overall("compliance", "clearance_reason")

claimed := lib.overall("compliance", "clearance_claimed")

submission := lib.overall("compliance", "clearance_submission")

modifications := lib.named("compliance", "modification")

counted := lib.overall("compliance", "modifications")

outside := lib.overall("compliance", "modifications_outside")

criteria := lib.overall("compliance", "protocol_criteria")

unlimited := lib.overall("compliance", "protocol_criteria_unlimited")

impact := lib.overall("compliance", "modification_impact")

message := sprintf("nothing is on record as cleared; reason why: %s of 1, clearance that the card claims all the same: %s", [reason.value, claimed.value]) if {
	lib.value(cleared) == 0
}

message := sprintf("requires a new submission: %s", [concat("; ", beyond)]) if {
	lib.value(cleared) == 1
	lib.value(outside) > 0
}

message := sprintf("%s differences lie within the plan; submission named: %s of 1, impact said: %s of 1, acceptance criteria: %s, %s of them without a limit%s", [
	counted.value, submission.value, impact.value, criteria.value, unlimited.value, lib.dangled("protocol_pointer"),
]) if {
	lib.value(cleared) == 1
	lib.value(outside) == 0
}

beyond := {one.group | some one in modifications; lib.value(one) == 0}
