# METADATA
# title: "The data may be used for this, today"
# custom:
#   clause: "45 CFR 164.512(i); GDPR 9(2)(j)"
#   remedy: "renew the agreement, or name in dataset.yaml the one that covers the development of machine-learning models"
package model.compliance.data_use

import data.lib

satisfied if {
	lib.value(lib.overall("compliance", "data_use_agreement")) == 1
	lib.value(lib.overall("compliance", "data_use_purpose")) == 1
	expires > lib.now
}

expires := lib.value(lib.overall("compliance", "data_use_expires"))

message := sprintf("agreement named: %s of 1, purpose covers model development: %s of 1, ends %s", [
	lib.overall("compliance", "data_use_agreement").value,
	lib.overall("compliance", "data_use_purpose").value,
	time.format(expires * 1000000000),
])
