# METADATA
# title: "A model gets no rights in the cluster, and who may do what was reviewed"
# custom:
#   control: CMP-015
#   clause: "SOC 2 CC6.1 and CC6.3; 45 CFR 164.308(a)(4) and 164.312(a)(1)"
#   remedy: "take the named rights out of what is rendered for the model; review who may do what, and write the day and the reviewer into spec.controls.access of assay.yaml"
package model.compliance.least_privilege

import data.lib

satisfied if {
	excess.n > 0
	lib.value(excess) == 0
	lib.value(reviewer) == 1
	lib.value(reviewed) <= lib.now
	age <= limit
}

excess := lib.overall("compliance", "excess_rights")

reviewer := lib.overall("compliance", "access_reviewer")

reviewed := lib.overall("compliance", "access_reviewed")

limit := lib.limits.compliance.access_review_days_max

age := (lib.now - lib.value(reviewed)) / 86400

rights := {m.group | some m in lib.named("compliance", "excess_right")}

message := sprintf("%s of %d objects give rights that a model does not need%s; access reviewed %s, by a person: %s of 1, limit %v days", [
	excess.value, excess.n, told, lib.day(reviewed), reviewer.value, limit,
])

default told := ""

told := sprintf(" (%s)", [concat("; ", rights)]) if count(rights) > 0
