# METADATA
# title: "The study is registered, or it is said why there is none"
# custom:
#   control: CMP-029
#   clause: "TRIPOD+AI 18c and 18d; CONSORT-AI"
#   remedy: "write id (NCT, ISRCTN or EU CT number) and version of the protocol into spec.registration of models/<model>/governance.yaml, or a reason why there is none"
package model.compliance.registration

import data.lib

satisfied if {
	lib.value(given) == 1
	lib.value(id) == 1
	lib.value(version) == 1
}

satisfied if {
	lib.value(given) == 0
	lib.value(reason) == 1
}

given := lib.overall("compliance", "registration_given")

id := lib.overall("compliance", "registration_id")

version := lib.overall("compliance", "registration_version")

reason := lib.overall("compliance", "registration_reason")

message := sprintf("id given: %s of 1, of a known registry: %s of 1, with a version of the protocol: %s of 1; reason why there is none: %s of 1", [
	given.value, id.value, version.value, reason.value,
])
