package model.compliance.substance_use_test

import data.fixture
import data.model.compliance.substance_use

records(present, columns, consent) := [
	fixture.number("substance_use", present), fixture.number("substance_use_columns", columns), fixture.number("substance_use_consent", consent),
]

asked(measurements) := fixture.measured("compliance", measurements)

test_data_without_such_records_satisfies if substance_use.satisfied with input as asked(records("0", "0", "0"))

test_consents_that_can_be_traced_satisfy if {
	substance_use.satisfied with input as asked(records("1", "2", "1"))
	substance_use.satisfied with input as asked(records("1", "0", "1"))
}

test_a_column_that_says_otherwise_fails_and_is_named if {
	question := asked(array.concat(records("0", "1", "1"), [fixture.about("substance_use_column", "alcohol", "1")]))
	not substance_use.satisfied with input as question
	substance_use.message == "records of substance use: 0; columns that look so: 1 (alcohol); lineage of consents named: 1 of 1" with input as question
}

test_consents_that_cannot_be_traced_fail if not substance_use.satisfied with input as asked(records("1", "0", "0"))

test_nobody_has_said if {
	question := asked(fixture.instead(records("", "0", "1"), [fixture.explained("substance_use", "", "", "nobody has said")]))
	not substance_use.satisfied with input as question
	startswith(substance_use.message, "records of substance use: nobody has said; ") with input as question
}

test_silence_tells_nothing_of_substances if {
	every question in [fixture.silent, fixture.digressing] {
		not substance_use.satisfied with input as question
		not substance_use.message with input as question
	}
}

test_garbage_tells_nothing_of_substances if {
	every text in fixture.garbage {
		not substance_use.satisfied with input as asked(records(text, "0", "1"))
		not substance_use.satisfied with input as asked(records("0", text, "1"))
		not substance_use.satisfied with input as asked(records("1", "0", text))
	}
}
