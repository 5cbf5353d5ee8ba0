# METADATA
# title: "The model was developed on enough patients"
# custom:
#   clause: "Riley 2020, doi:10.1136/bmj.m441; TRIPOD+AI 10"
#   remedy: "add patients to training, or take features out of the model: each parameter asks for its own"
package model.dataset.development_size

import data.lib

# Where no patient is served the number is known, and may be too small.
satisfied if {
	lib.limits.dataset.development_size_required == false
	required >= 1
}

satisfied if found.n >= required

found := lib.overall("dataset", "development_n_required")

required := lib.value(found)

message := sprintf("developed on %v patients, and its parameters ask for %v", [found.n, required])
