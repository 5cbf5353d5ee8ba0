# METADATA
# title: "The software has a safety class, and what was reviewed is what serves"
# custom:
#   control: CMP-033
#   clause: "IEC 62304:2006+A1:2015, 4.3 and 8.1.2; 21 CFR 820 (QMSR)"
#   remedy: "review the bill of materials of the serving image, and write its digest into spec.software.components of models/<model>/governance.yaml, beside safetyClass A, B or C"
package model.compliance.software

import data.lib

satisfied if {
	lib.value(class) == 1
	lib.value(reviewed) == 1
	lib.value(lib.one("security", "sbom", reviewed.group)) > 0
}

class := classes[0] if count(classes) == 1

classes := lib.named("compliance", "safety_class")

reviewed := bills[0] if count(bills) == 1

bills := lib.named("compliance", "reviewed_components")

message := sprintf("safety class %q: %s of 1; bill of materials that was reviewed: %s, of the serving image: %s", [
	class.group, class.value, reviewed.group, concat(", ", {bill.group | some bill in lib.named("security", "sbom")}),
])
