# METADATA
# title: "The ten principles of good machine learning practice are kept, and shown where they can be"
# custom:
#   control: CMP-020
#   clause: "Good machine learning practice (FDA, Health Canada, MHRA 2021; IMDRF/AIML WG/N88 2025)"
#   remedy: "say in spec.practices of models/<model>/governance.yaml how each of principles 1 to 10 is kept, each once, and point to what was measured of it"
package model.compliance.good_practice

import data.lib

satisfied if {
	lib.value(faults) == 0
	every number in lib.limits.compliance.practices_evidenced_required { evidenced(number) }
	lib.all_pointed("compliance", "practice_pointer", lib.value(shown))
}

faults := lib.overall("compliance", "practice_faults")

shown := lib.overall("compliance", "practice_pointers")

pointers := lib.named("compliance", "practice_pointer")

evidenced(number) if {
	some pointer in pointers
	startswith(pointer.group, sprintf("principle %s[", [number]))
}

unevidenced := {number | some number in lib.limits.compliance.practices_evidenced_required; not evidenced(number)}

message := sprintf("%s of ten principles are not kept on record%s; principles without evidence that need some: %v (%s)%s", [
	faults.value, lib.listing("compliance", "practice_fault"), count(unevidenced), concat(", ", unevidenced), lib.dangled("practice_pointer"),
])
