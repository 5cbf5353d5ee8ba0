package model.compliance.data_governance_test

import data.fixture
import data.model.compliance.data_governance

missing(number, fields) := fixture.measured("compliance", array.concat(
	[fixture.number("data_governance_fields_missing", number)],
	[fixture.about("data_governance_field_missing", field, "1") | some field in fields],
))

test_data_of_which_everything_is_said_satisfies if data_governance.satisfied with input as missing("0", [])

test_what_is_not_said_is_named if {
	question := missing("2", ["data.origin", "data.gaps"])
	not data_governance.satisfied with input as question
	data_governance.message == "2 of 100 fields about the data say nothing (data.gaps, data.origin)" with input as question
}

test_silence_says_nothing_of_the_data if {
	every question in [fixture.silent, fixture.digressing] {
		not data_governance.satisfied with input as question
		not data_governance.message with input as question
	}
}

test_garbage_says_nothing_of_the_data if {
	every text in fixture.garbage { not data_governance.satisfied with input as missing(text, []) }
}
