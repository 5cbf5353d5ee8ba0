# METADATA
# title: "A workload mounts no storage whose content nobody judged"
# custom:
#   clause: "SLSA v1.0; NIST SP 800-190 4.1"
#   remedy: "mount the model as an image volume; the operator of the cluster names other storage under volumes of the Admission file"
package workload.storage

satisfied if {
	is_array(input.workload.volumes)
	every volume in input.workload.volumes { volume.allowed == true }
}

message := sprintf("%s is a volume of kind %s (%q), which may hold a model", [volume.where, volume.kind, volume.name]) if {
	volume := [x | some x in input.workload.volumes; not x.allowed == true][0]
}
