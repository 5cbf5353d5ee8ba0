# METADATA
# title: "Nobody's signature is about what the change was before its last push"
# custom:
#   control: CMP-011
#   clause: "21 CFR 11.70 and 11.10(a)"
#   remedy: "let those who signed before the last push look again and sign what there is now (assay approve), or take their tag back (git push --delete); assay approvals tells whose it is"
package model.compliance.signature_binding

import data.lib

satisfied if void == 0

void := lib.value(lib.overall("compliance", "approvals_void"))

message := sprintf("%v people signed this change as it was before its last push, limit 0", [void])
