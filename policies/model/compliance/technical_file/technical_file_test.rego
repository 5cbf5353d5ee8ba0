package model.compliance.technical_file_test

import data.fixture
import data.model.compliance.technical_file

kinds := ["description", "development", "monitoring", "risk_management", "changes", "standards", "declaration", "post_market"]

documents := [fixture.about("technical_document", kind, "1") | some kind in kinds]

clean := array.concat(documents, [
	fixture.number("technical_file_fields_missing", "0"), fixture.number("instructions_for_use", "1"),
	fixture.number("accuracy_pointers", "1"), fixture.about("accuracy_pointer", "technicalFile.accuracy[0]|performance.auroc|||", "1"),
])

auroc := fixture.interval("auroc", "0.91", "0.94", "0.97")

asked(measurements) := fixture.asked({"performance": [auroc], "compliance": measurements})

instead(others) := asked(fixture.instead(clean, others))

test_a_file_that_is_whole_satisfies if {
	technical_file.satisfied with input as asked(clean)
	technical_file.satisfied with input as asked(array.concat(clean, [fixture.about("technical_document", "minutes", "1")]))
}

test_a_kind_that_is_not_on_file_is_named if {
	question := asked([m | some m in clean; m.group != "declaration"])
	not technical_file.satisfied with input as question
	technical_file.message == "kinds of documents that are not on file: declaration; without title or digest: none; instructions for use: 1 of 1; fields that say nothing: 0; pointers to accuracy: 1" with input as question
}

test_a_document_without_a_digest_is_named_whatever_its_kind if {
	question := asked(array.concat(clean, [fixture.about("technical_document", "minutes", "0")]))
	not technical_file.satisfied with input as question
	contains(technical_file.message, "not on file: none; without title or digest: minutes;") with input as question
}

test_two_documents_of_a_kind_are_none if not technical_file.satisfied with input as asked(array.concat(clean, [fixture.about("technical_document", "description", "1")]))

test_fields_that_say_nothing_are_named if {
	question := asked(array.concat(
		fixture.instead(clean, [fixture.number("technical_file_fields_missing", "1")]),
		[fixture.about("technical_file_field_missing", "technicalFile.stop", "1")],
	))
	not technical_file.satisfied with input as question
	contains(technical_file.message, "say nothing: 1 (technicalFile.stop); ") with input as question
}

test_instructions_and_accuracy_are_needed if {
	not technical_file.satisfied with input as instead([fixture.number("instructions_for_use", "0")])
	not technical_file.satisfied with input as instead([fixture.number("accuracy_pointers", "0")])
	lost := instead([fixture.about("accuracy_pointer", "technicalFile.accuracy[0]|performance.weather|||", "1")])
	not technical_file.satisfied with input as lost
	endswith(technical_file.message, "; technicalFile.accuracy[0]: performance.weather is not measured") with input as lost
}

test_silence_is_no_technical_file if {
	every question in [fixture.silent, fixture.digressing] {
		not technical_file.satisfied with input as question
		not technical_file.message with input as question
	}
}

# Each measurement is needed, alone and readable.
test_whatever_is_missing_or_garbage_is_no_technical_file if {
	every m in clean {
		not technical_file.satisfied with input as asked([other | some other in clean; other != m])
		not technical_file.satisfied with input as asked(array.concat(clean, [m]))
		every text in fixture.garbage {
			not technical_file.satisfied with input as asked(array.concat([other | some other in clean; other != m], [fixture.about(m.name, m.group, text)]))
		}
	}
}
