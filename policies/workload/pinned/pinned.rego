# METADATA
# title: "A workload names its model by digest"
# custom:
#   absolute: true
#   clause: "SLSA v1.0; NIST SP 800-190 4.1"
#   remedy: "write <registry>/models/<model>@sha256:<digest>, without a tag: a tag can be moved to other content"
package workload.pinned

satisfied if {
	is_array(input.workload.models)
	every use in input.workload.models { regex.match(`^sha256:[0-9a-f]{64}$`, use.digest) }
}

message := sprintf("%s names the model by %q, which is not a digest", [use.where, use.reference]) if {
	use := [x | some x in input.workload.models; not regex.match(`^sha256:[0-9a-f]{64}$`, x.digest)][0]
}
