# METADATA
# title: "A person decides, or the law's safeguard for when none does is on record"
# custom:
#   control: CMP-026
#   clause: "GDPR, articles 9(2), 22 and 35"
#   remedy: "name in spec.privacy of models/<model>/governance.yaml the impact assessment and the letter of article 9(2), and say whether the model decides by itself; where it does, what safeguard of article 22 there is, and do not let the card say that it informs"
package model.compliance.automated_decisions

import data.lib

satisfied if {
	lib.value(assessed) == 1
	lib.value(basis) == 1
	lib.value(alone) == 0
}

satisfied if {
	lib.value(assessed) == 1
	lib.value(basis) == 1
	lib.value(alone) == 1
	lib.value(safeguard) == 1
	lib.value(person) == 0
}

assessed := lib.overall("compliance", "impact_assessment")

basis := lib.overall("compliance", "special_category_basis")

alone := lib.overall("compliance", "solely_automated")

safeguard := lib.overall("compliance", "automation_safeguard")

person := lib.overall("compliance", "person_decides")

message := sprintf("impact assessment named: %s of 1, article 9(2) letter: %s of 1, decides by itself: %s, with a safeguard: %s, though a person decides by the card: %s", [
	assessed.value, basis.value, told, safeguard.value, person.value,
])

told := alone.value if alone.value != ""

else := alone.method
