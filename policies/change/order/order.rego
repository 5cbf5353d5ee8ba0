# METADATA
# title: "A release takes the environments in their order"
# custom:
#   clause: "SOC 2 CC8.1; FDA GMLP principle 8"
#   remedy: "promote the release to the environment before first, and let it be admitted there"
package change.order

satisfied if input.change.first == true

satisfied if {
	input.change.release != ""
	input.change.admitted == true
}

message := sprintf("%s has never served in %s, from where it has to come", [wanted, input.change.after])

wanted := input.change.release if input.change.release != ""

wanted := "the candidate (no release is pinned)" if input.change.release == ""
