# METADATA
# title: "Inputs that the law protects are declared, and results are told apart by them"
# custom:
#   control: CMP-027
#   clause: "45 CFR 92.210"
#   remedy: "say in spec.features of models/<model>/governance.yaml which characteristic an input is or stands for, and by which group column of the data set results are told apart (cohorts), or why there is none (unmatched)"
package model.compliance.nondiscrimination

import data.lib

satisfied if {
	lib.value(faults) == 0
	count(cohorts) == lib.value(counted)
	every cohort in cohorts {
		lib.value(cohort) == 1
		told_apart(cohort.group)
	}
}

faults := lib.overall("compliance", "protected_feature_faults")

cohorts := lib.named("compliance", "protected_cohort")

counted := lib.overall("compliance", "protected_cohorts")

# Results are told apart by a column where the bias gate has compared its cohorts.
told_apart(column) if is_number(lib.value(lib.one("bias", "auroc_gap", column)))

told_apart(column) if is_number(lib.value(lib.one("bias", "c_index_gap", column)))

untold := {cohort.group | some cohort in cohorts; not told_apart(cohort.group)}

message := sprintf("%s protected inputs are not accounted for%s; of %s columns of cohorts, the bias gate has not compared %v (%s)", [
	faults.value, lib.listing("compliance", "protected_feature_fault"), counted.value, count(untold), concat(", ", untold),
])
