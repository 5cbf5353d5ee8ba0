# METADATA
# title: "The model card says what the model is for, for whom, and who decides"
# custom:
#   control: CMP-002
#   clause: "45 CFR 170.315(b)(11)(iv)(B)(2); EU AI Act Art. 13(3)(b); Regulation (EU) 2017/745 Annex I 23"
#   remedy: "state uses.intendedUse, intendedUsers, population and decisionRole (informs, augments or replaces) in models/<model>/card.yaml"
package model.compliance.intended_use

import data.lib

satisfied if missing == 0

missing := lib.value(lib.overall("compliance", "use_fields_missing"))

message := sprintf("%v of 4 fields about the intended use are empty, placeholders or no decision role: %s", [missing, concat(", ", fields)])

fields contains m.group if some m in lib.named("compliance", "use_field_missing")
