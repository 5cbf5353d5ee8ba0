package model.dataset.identifiers_test

import data.fixture
import data.model.dataset.identifiers

columns(text, found) := fixture.measured("dataset", array.concat([fixture.number("phi_columns", text)], found))

test_no_identifier_satisfies if identifiers.satisfied with input as columns("0", [fixture.about("phi_values", "age", "0")])

test_an_identifier_fails_and_its_column_is_named if {
	question := columns("1", [fixture.about("phi_values", "age", "0"), fixture.about("phi_values", "phone", "12")])
	not identifiers.satisfied with input as question
	identifiers.message == "1 columns hold patient identifiers: phone (12 values)" with input as question
}

test_silence_may_identify if {
	every question in [fixture.silent, fixture.digressing] { not identifiers.satisfied with input as question }
}

test_garbage_may_identify if {
	every text in fixture.garbage { not identifiers.satisfied with input as columns(text, []) }
}
