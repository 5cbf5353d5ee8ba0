# METADATA
# title: "Somebody has approved in each role that the environment asks for"
# custom:
#   clause: "SOC 2 CC5.1 and CC8.1; 21 CFR 11.10(g); ICH E6(R3) 3.9 to 3.11"
#   remedy: "let somebody in that role, who is no author of the change, sign its content: assay approve; assay approvals tells which signatures count"
package change.roles

satisfied if {
	is_array(input.change.required)
	is_array(input.change.approved)
	count(missing) == 0
}

missing := [role | some role in input.change.required; not role in input.change.approved]

message := sprintf("nobody has approved as %s", [concat(", ", missing)]) if count(missing) > 0
