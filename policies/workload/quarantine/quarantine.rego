# METADATA
# title: "Nothing that a workload runs is under quarantine"
# custom:
#   absolute: true
#   clause: "45 CFR 164.308(a)(6)(ii); EU AI Act, article 20(1); SOC 2 CC7.4"
#   remedy: "run another release; who lifts a quarantine removes it from the promotion repository or from the cluster"
package workload.quarantine

import data.lib

satisfied if {
	is_array(input.workload.models)
	every use in input.workload.models { use.clear == true }
	is_array(input.workload.images)
	every image in input.workload.images { image.clear == true }
}

message := sprintf("%s runs %s, which is under quarantine %s (%s): %s", [where, order.digest, order.name, lib.whose(order), order.reason]) if {
	order := [x | some x in input.workload.quarantines; not clear(x.digest)][0]
	where := places(order.digest)[0]
}

clear(digest) if count(places(digest)) == 0

# places are where a workload has what is not clear, in its own words.
places(digest) := array.concat(
	[use.where | some use in input.workload.models; use.digest == digest; not use.clear == true],
	[sprintf("container %s", [image.container]) |
		some image in input.workload.images
		image.digest == digest
		not image.clear == true
	],
)
