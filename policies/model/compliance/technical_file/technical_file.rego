# METADATA
# title: "The technical file is whole"
# custom:
#   control: CMP-023
#   clause: "EU AI Act, articles 11 to 15 and 72, annex IV"
#   remedy: "name every document by title and digest in spec.technicalFile of models/<model>/governance.yaml, say how the model is logged, overseen and stopped, and point to what was measured of its accuracy"
package model.compliance.technical_file

import data.lib

satisfied if {
	lib.value(missing) == 0
	every kind in lib.limits.compliance.technical_documents_required { filed(kind) }
	every document in documents { named(document) }
	lib.value(instructions) == 1
	lib.all_pointed("compliance", "accuracy_pointer", lib.value(accuracy))
}

missing := lib.overall("compliance", "technical_file_fields_missing")

documents := lib.named("compliance", "technical_document")

filed(kind) if lib.value(lib.one("compliance", "technical_document", kind)) == 1

instructions := lib.overall("compliance", "instructions_for_use")

accuracy := lib.overall("compliance", "accuracy_pointers")

unfiled := {kind | some kind in lib.limits.compliance.technical_documents_required; not filed(kind)}

named(document) if lib.value(document) == 1

unnamed := {document.group | some document in documents; not named(document)}

message := sprintf("kinds of documents that are not on file: %s; without title or digest: %s; instructions for use: %s of 1; fields that say nothing: %s%s; pointers to accuracy: %s%s", [
	all_of(unfiled), all_of(unnamed), instructions.value, missing.value,
	lib.listing("compliance", "technical_file_field_missing"), accuracy.value, lib.dangled("accuracy_pointer"),
])

all_of(names) := concat(", ", names) if count(names) > 0

else := "none"
