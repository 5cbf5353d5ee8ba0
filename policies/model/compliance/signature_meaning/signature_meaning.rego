# METADATA
# title: "Every signature says who signed, when, and with which meaning"
# custom:
#   control: CMP-010
#   clause: "21 CFR 11.50(a)"
#   remedy: "sign again with the trailer Assay-Meaning (author, review, approval or responsibility), and give everybody in spec.people of assay.yaml their printed name"
package model.compliance.signature_meaning

import data.lib

satisfied if incomplete == 0

incomplete := lib.value(lib.overall("compliance", "signatures_incomplete"))

message := sprintf("%v signatures lack the printed name, the time or the meaning, limit 0", [incomplete])
