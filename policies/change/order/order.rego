# METADATA
# title: "A release takes the environments in their order"
# custom:
#   clause: "SOC 2 CC8.1; FDA GMLP principle 8"
#   remedy: "promote the release to the environments before first, to each of them, and let it be admitted there"
package change.order

satisfied if input.change.first == true

satisfied if {
	input.change.release != ""
	input.change.admitted == true
}

# The way back is always open: what this environment held before took its turn.
satisfied if {
	input.change.release != ""
	input.change.rollback == true
}

message := sprintf("%s has not served in each of %s, from where it has to come", [wanted, concat(", ", input.change.after)])

wanted := input.change.release if input.change.release != ""

wanted := "the candidate (no release is pinned)" if input.change.release == ""
