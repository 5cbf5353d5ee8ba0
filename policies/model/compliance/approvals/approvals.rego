# METADATA
# title: "Enough people other than the author have approved"
# custom:
#   clause: "SOC 2 CC8.1; 21 CFR 11.50"
#   remedy: "add approvals to environments/<environment>/<model>.yaml: distinct people, none of them the author, in distinct roles"
package model.compliance.approvals

import data.lib

satisfied if {
	approvals >= lib.limits.compliance.approvals_min
	roles >= lib.limits.compliance.roles_min
	lib.value(lib.overall("compliance", "approvals_invalid")) == 0
}

approvals := lib.value(lib.overall("compliance", "approvals"))

roles := lib.value(lib.overall("compliance", "approval_roles"))

message := sprintf("%v people in %v roles have approved, limit %v people in %v roles; %s approvals do not count", [
	approvals, roles, lib.limits.compliance.approvals_min, lib.limits.compliance.roles_min,
	lib.overall("compliance", "approvals_invalid").value,
])
