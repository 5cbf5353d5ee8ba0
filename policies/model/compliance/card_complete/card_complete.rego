# METADATA
# title: "The model card says what a clinician must know, and its numbers are measured ones"
# custom:
#   control: CMP-001
#   clause: "45 CFR 170.315(b)(11)(iv)(B)(1) to (9); CHAI Applied Model Card v0.2; TRIPOD+AI 3 and 15"
#   remedy: "fill the named fields of models/<model>/card.yaml with text that is true of this model (placeholders do not count; 'not available: <why>' does), and write ${<gate>.<measurement>} instead of a number in keyMetrics"
package model.compliance.card_complete

import data.lib

satisfied if {
	missing == 0
	typed == 0
	pointers > 0
	pointers == count(lib.named("compliance", "card_pointer"))
	dangling == set()
}

missing := lib.value(lib.overall("compliance", "card_fields_missing"))

typed := lib.value(lib.overall("compliance", "card_numbers_typed"))

pointers := lib.value(lib.overall("compliance", "card_pointers"))

dangling := lib.dangling("card_pointer")

message := sprintf("%v fields of the model card are empty or placeholders, %v numbers are typed, %v of %v pointers do not hold%s", [
	missing, typed, count(dangling), pointers, details,
])

default details := ""

details := concat("", [": ", concat("; ", sort(what))]) if count(what) > 0

what contains m.group if some m in lib.named("compliance", "card_field_missing")

what contains sprintf("%s holds a number", [m.group]) if some m in lib.named("compliance", "card_number_typed")

what contains text if some text in dangling
