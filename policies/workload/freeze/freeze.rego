# METADATA
# title: "No model comes that was not here before a freeze"
# custom:
#   clause: "SOC 2 CC8.1; ISO/IEC 27001:2022 A.8.32; FDA GMLP principle 10"
#   remedy: "wait until the freeze is over, or run a release that was here before it; in an emergency somebody answers for it (assay breakglass)"
package workload.freeze

import data.lib

satisfied if {
	is_array(input.workload.models)
	every use in input.workload.models { use.thawed == true }
}

message := sprintf("%s brings %s, which is new here, and %s", [use.where, use.digest, lib.frozen(input.workload)]) if {
	use := [x | some x in input.workload.models; not x.thawed == true][0]
}
