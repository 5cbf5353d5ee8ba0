package model.compliance.card_complete_test

import data.fixture
import data.model.compliance.card_complete

card(missing, fields) := fixture.measured("compliance", array.concat(
	[fixture.number("card_fields_missing", missing)],
	[fixture.about("card_field_missing", field, "1") | some field in fields],
))

test_a_full_card_satisfies if card_complete.satisfied with input as card("0", [])

test_an_empty_field_fails_and_is_named if {
	question := card("2", ["knownRisks", "intendedUse"])
	not card_complete.satisfied with input as question
	card_complete.message == "2 fields of the model card are empty or placeholders: intendedUse, knownRisks" with input as question
}

test_silence_is_no_card if {
	every question in [fixture.silent, fixture.digressing] { not card_complete.satisfied with input as question }
}

test_garbage_is_no_card if {
	every text in fixture.garbage { not card_complete.satisfied with input as card(text, []) }
}
