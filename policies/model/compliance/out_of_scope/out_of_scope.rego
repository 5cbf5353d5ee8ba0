# METADATA
# title: "What the model is not for is stated, and a server can refuse it"
# custom:
#   control: CMP-003
#   clause: "45 CFR 170.315(b)(11)(iv)(B)(3); EU AI Act Art. 13(3)(b)(iii)"
#   remedy: "state uses.outOfScope and warnings in models/<model>/card.yaml, give every numeric feature min and max in dataset.yaml, and refuse a request in which a number is no number"
package model.compliance.out_of_scope

import data.lib

satisfied if {
	missing == 0
	unbounded == 0
	answered == 0
}

missing := lib.value(lib.overall("compliance", "scope_fields_missing"))

unbounded := lib.value(lib.overall("compliance", "unbounded_features"))

# How many requests with NaN, an infinity or a word for a number were answered.
answered := lib.value(lib.overall("performance", "garbage_input_answered"))

message := sprintf("%v of 4 fields about limits and risks are empty or placeholders, %v numeric features have no min and max, %v requests with garbage were answered%s", [
	missing, unbounded, answered, details,
])

default details := ""

details := concat("", [": ", concat(", ", sort(what))]) if count(what) > 0

what contains m.group if some m in lib.named("compliance", "scope_field_missing")

what contains m.group if some m in lib.named("compliance", "unbounded_feature")
