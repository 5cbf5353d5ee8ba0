# METADATA
# title: "No patient stands out by cohort and age"
# custom:
#   clause: "CMS cell size suppression policy; 45 CFR 164.514(b)(1)"
#   remedy: "merge rare cohorts, widen age bands or take rare patients out of the extract; an expert's determination belongs under dataUse.deidentification"
package model.dataset.reidentification

import data.lib

# Data that stays where it was gathered may hold small cells, but they are counted.
satisfied if {
	lib.limits.dataset.anonymity_required == false
	cells >= 0
}

satisfied if cells == 0

cells := lib.value(lib.overall("dataset", "cells_under_11"))

message := sprintf("%v groups of patients of one cohort and age band have fewer than 11 members, limit 0", [cells])
