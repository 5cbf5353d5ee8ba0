# METADATA
# title: "Every model that a workload uses was promoted to this environment"
# custom:
#   clause: "SOC 2 CC8.1"
#   remedy: "promote the model by a pull request to the promotion repository; its Release then arrives with the workload"
package workload.released

satisfied if {
	is_array(input.workload.models)
	every use in input.workload.models { use.released == true }
}

message := sprintf("%s of %s was never promoted to %s", [use.name, name(use), input.environment]) if {
	use := [x | some x in input.workload.models; not x.released == true][0]
}

name(use) := use.digest if use.digest != ""

name(use) := use.reference if use.digest == ""
