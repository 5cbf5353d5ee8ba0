# METADATA
# title: "Records of substance use are declared, and consents to them can be traced"
# custom:
#   control: CMP-034
#   clause: "42 CFR part 2"
#   remedy: "say in spec.substanceUse of models/<model>/governance.yaml whether the data holds records of substance use treatment; where it does, name where the lineage of consents is kept"
package model.compliance.substance_use

import data.lib

satisfied if {
	lib.value(present) == 0
	lib.value(columns) == 0
}

satisfied if {
	lib.value(present) == 1
	lib.value(consent) == 1
}

present := lib.overall("compliance", "substance_use")

columns := lib.overall("compliance", "substance_use_columns")

consent := lib.overall("compliance", "substance_use_consent")

message := sprintf("records of substance use: %s; columns that look so: %s%s; lineage of consents named: %s of 1", [
	told, columns.value, lib.listing("compliance", "substance_use_column"), consent.value,
])

told := present.value if present.value != ""

else := present.method
