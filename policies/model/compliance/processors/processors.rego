# METADATA
# title: "Every outside party that sees data is under an agreement that holds"
# custom:
#   control: CMP-031
#   clause: "45 CFR 164.504(e); GDPR 28; SOC 2 CC9.2"
#   remedy: "list in spec.processors of models/<model>/governance.yaml who sees data, under which agreement and until when; `processors: []` says that nobody does"
package model.compliance.processors

import data.lib

satisfied if {
	lib.value(listed) == 1
	lib.value(missing) == 0
	count(ends) == lib.value(counted)
	every end in ends { lies_ahead(end) }
}

listed := lib.overall("compliance", "processors_listed")

missing := lib.overall("compliance", "processor_fields_missing")

counted := lib.overall("compliance", "processors")

ends := lib.named("compliance", "processor_expires")

lies_ahead(end) if lib.value(end) > lib.now

ended := {sprintf("%s: %s", [end.group, lib.day(end)]) | some end in ends; not lies_ahead(end)}

message := sprintf("processors are listed: %s of 1; of %s, agreements that do not hold: %v (%s); fields that say nothing: %s%s", [
	listed.value, counted.value, count(ended), concat(", ", ended), missing.value, lib.listing("compliance", "processor_field_missing"),
])
