# METADATA
# title: "Every signature is that of one person alone, by a key that was not revoked"
# custom:
#   control: CMP-012
#   clause: "21 CFR 11.100(a), 11.200(a) and 11.300"
#   remedy: "in spec.people of assay.yaml list every person once, with an address and keys that are theirs alone, and no machine; let those whose key was revoked sign again with a new one, or take their tag back"
package model.compliance.signers_unique

import data.lib

satisfied if {
	unfit == 0
	withdrawn == 0
}

unfit := lib.value(lib.overall("compliance", "signers_unfit"))

withdrawn := lib.value(lib.overall("compliance", "signatures_withdrawn"))

message := sprintf("%v people cannot sign for themselves alone and %v signed with a key that was revoked, limit 0 of both", [unfit, withdrawn])
