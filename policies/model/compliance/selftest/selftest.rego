# METADATA
# title: "The program that measured answers reference vectors as published, in this very run"
# custom:
#   control: CMP-025
#   clause: "21 CFR 11.10(a) and (k); GAMP 5, 2nd edition; FDA, Computer Software Assurance (2025)"
#   remedy: "do not release: the statistics of this build answer otherwise than papers print; build from a tagged commit on supported hardware, and run `assay qualify --small`"
package model.compliance.selftest

import data.lib

satisfied if {
	lib.value(asked) >= lib.limits.compliance.self_test_vectors_min
	lib.value(failed) == 0
}

asked := lib.overall("compliance", "self_test_vectors")

failed := lib.overall("compliance", "self_test_failures")

message := sprintf("%s of %s reference vectors are answered otherwise than published%s, limit 0 of at least %v", [
	failed.value, asked.value, lib.listing("compliance", "self_test_failure"), lib.limits.compliance.self_test_vectors_min,
])
