# METADATA
# title: "Evidence is kept for as long as the longest law asks, and cannot be changed meanwhile"
# custom:
#   control: CMP-008
#   clause: "45 CFR 164.316(b)(2)(i); 21 CFR 312.57(c) and 312.62(c); ICH E6(R3) 2.12 and 3.16; EU AI Act 18"
#   remedy: "name the laws that apply (hipaa, fda_ind, ai_act, trial), the years and an immutable store in spec.retention of models/<model>/governance.yaml; set the lock of the store accordingly first"
package model.compliance.retention

import data.lib

satisfied if {
	lib.value(immutable) == 1
	known
	lib.value(years) >= longest
}

years := lib.overall("compliance", "retention_years")

immutable := lib.overall("compliance", "retention_immutable")

# asked are the years by law. Those of fda_ind and trial count from an approval
# or the end of a trial, which no release knows: they are the least.
asked := {
	"hipaa": lib.limits.compliance.retention_hipaa_years_min,
	"fda_ind": lib.limits.compliance.retention_fda_ind_years_min,
	"ai_act": lib.limits.compliance.retention_ai_act_years_min,
	"trial": lib.limits.compliance.retention_trial_years_min,
}

laws := [m.group | some m in lib.named("compliance", "retention_law"); lib.value(m) == 1]

total := lib.overall("compliance", "retention_laws")

# known holds when laws are named, and each is one whose years are agreed.
known if {
	lib.value(total) > 0
	count(laws) == lib.value(total)
	every law in laws { asked[law] }
}

longest := max([asked[law] | some law in laws])

message := sprintf("evidence is kept for %s years, limit %v years (%s); immutable: %s of 1", [
	years.value, longest, concat(", ", laws), immutable.value,
]) if {
	known
}

message := sprintf("the laws that apply are not named, or not all of them are known: %s", [concat(", ", laws)]) if {
	lib.value(total) >= 0
	not known
}
