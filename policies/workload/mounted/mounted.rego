# METADATA
# title: "A workload gets its model as an image volume, and in no other way"
# custom:
#   clause: "SLSA v1.0"
#   remedy: "mount the model with volumes[].image.reference; a model that a process fetches for itself was not judged"
package workload.mounted

satisfied if {
	is_array(input.workload.models)
	every use in input.workload.models { use.how == "image_volume" }
}

message := sprintf("%s reaches a model by %s (%q)", [use.where, use.how, use.reference]) if {
	use := [x | some x in input.workload.models; x.how != "image_volume"][0]
}
