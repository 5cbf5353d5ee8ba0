# METADATA
# title: "No group of patients is known by its outcome"
# custom:
#   severity: warn
#   clause: "45 CFR 164.514(b)(1); Machanavajjhala 2007, doi:10.1145/1217299.1217302"
#   remedy: "merge cohorts or widen age bands, so that both outcomes occur among patients who are alike in what others know of them"
package model.dataset.diversity

import data.lib

satisfied if cells == 0

cells := lib.value(lib.overall("dataset", "uniform_cells"))

message := sprintf("all members of %v groups of one cohort and age band had the same outcome, so that who is known to be a member has no secret", [cells])
