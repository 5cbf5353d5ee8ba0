# METADATA
# title: "The model card says what a clinician must know"
# custom:
#   clause: "45 CFR 170.315(b)(11)(iv)(B); CHAI Applied Model Card; TRIPOD+AI 3"
#   remedy: "fill the named fields of models/<model>/card.yaml with text that is true of this model; placeholders do not count"
package model.compliance.card_complete

import data.lib

satisfied if lib.value(lib.overall("compliance", "card_fields_missing")) == 0

message := sprintf("%s fields of the model card are empty or placeholders: %s", [lib.overall("compliance", "card_fields_missing").value, concat(", ", fields)])

fields contains m.group if some m in lib.named("compliance", "card_field_missing")
