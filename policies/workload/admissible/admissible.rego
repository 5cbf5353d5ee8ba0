# METADATA
# title: "Every model that a workload uses is admissible now"
# custom:
#   clause: "45 CFR 164.312(c); 21 CFR 11.10(a)"
#   remedy: "read the model's own findings beside this one; mend them, or roll back to a release that passes"
package workload.admissible

satisfied if {
	is_array(input.workload.models)
	every use in input.workload.models { admissible(use) }
}

# What was never released has no verdict of its own: workload.released tells it.
admissible(use) if use.admitted == true

admissible(use) if use.released == false

message := sprintf("the evidence of %s@%s does not pass in %s", [use.name, use.digest, input.environment]) if {
	use := [x | some x in input.workload.models; not admissible(x)][0]
}
