# METADATA
# title: "A review board has decided, and the decision still holds"
# custom:
#   clause: "45 CFR 46.111; ICH E6(R3) 1"
#   remedy: "name the board, its decision (approved, exempt or waived) and when it ends in dataset.yaml"
package model.compliance.ethics

import data.lib

satisfied if {
	lib.value(lib.overall("compliance", "ethics_decision")) == 1
	expires > lib.now
}

expires := lib.value(lib.overall("compliance", "ethics_expires"))

message := sprintf("ethics decision on record: %s of 1, ends %s", [
	lib.overall("compliance", "ethics_decision").value,
	time.format(expires * 1000000000),
])
