# METADATA
# title: "A review board has decided about this data, and the decision holds today"
# custom:
#   control: CMP-004
#   clause: "45 CFR 46.109, 46.111 and 46.116(f); 21 CFR 50 and 56; ICH E6(R3) 1"
#   remedy: "write the board, its decision (approved, exempt or waived), from when to when it holds and the digest of the data that it is about into spec.dataUse.ethics of dataset.yaml; new data needs a new look by the board"
package model.compliance.ethics

import data.lib

satisfied if {
	lib.value(decided) == 1
	lib.value(covers) == 1
	lib.value(approved) <= lib.now
	lib.value(expires) > lib.now
}

decided := lib.overall("compliance", "ethics_decision")

covers := lib.overall("compliance", "ethics_covers")

approved := lib.overall("compliance", "ethics_approved")

expires := lib.overall("compliance", "ethics_expires")

message := sprintf("ethics decision on record: %s of 1, about this data: %s of 1, from %s, ends %s", [
	decided.value, covers.value, lib.day(approved), lib.day(expires),
])
