# METADATA
# title: "Nobody connects to a container that serves a model"
# custom:
#   clause: "45 CFR 164.312(c); NIST SP 800-190 4.4"
#   remedy: "look at logs and metrics, or debug a copy of the pod without its model: what runs after an exec is not what was judged"
package workload.sealed

# The operations that begin with an object that was judged whole.
whole := {"create", "update", "scale"}

satisfied if {
	is_array(input.workload.models)
	input.workload.operation in whole
}

satisfied if {
	input.workload.operation == "connect"
	input.workload.models == []
}

message := sprintf("%s %s serves %s: nobody may connect to it", [input.workload.kind, input.workload.name, use.name]) if {
	input.workload.operation == "connect"
	use := input.workload.models[0]
}

message := sprintf("%q is not known of what may be done with a workload", [input.workload.operation]) if {
	not input.workload.operation in (whole | {"connect"})
}
