# METADATA
# title: "An agreement lets this data be used for this, today"
# custom:
#   control: CMP-005
#   clause: "45 CFR 164.508, 164.512(i) and 164.514(e); GDPR 6, 9(2)(j) and 89"
#   remedy: "renew or amend the agreement, and write its name, purposes, end and the digest of the data that it is about into spec.dataUse of dataset.yaml"
package model.compliance.data_use

import data.lib

satisfied if {
	lib.value(agreement) == 1
	lib.value(purpose) == 1
	lib.value(covers) == 1
	lib.value(expires) > lib.now
}

agreement := lib.overall("compliance", "data_use_agreement")

purpose := lib.overall("compliance", "data_use_purpose")

covers := lib.overall("compliance", "data_use_covers")

expires := lib.overall("compliance", "data_use_expires")

message := sprintf("agreement named: %s of 1, purpose covers model development: %s of 1, about this data: %s of 1, ends %s", [
	agreement.value, purpose.value, covers.value, lib.day(expires),
])
