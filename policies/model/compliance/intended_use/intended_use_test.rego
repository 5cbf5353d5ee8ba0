package model.compliance.intended_use_test

import data.fixture
import data.model.compliance.intended_use

use(missing, fields) := fixture.measured("compliance", array.concat(
	[fixture.number("use_fields_missing", missing)],
	[fixture.about("use_field_missing", field, "1") | some field in fields],
))

test_a_stated_use_satisfies if intended_use.satisfied with input as use("0", [])

test_an_empty_field_fails_and_is_named if {
	question := use("2", ["uses.population", "uses.decisionRole"])
	not intended_use.satisfied with input as question
	intended_use.message == "2 of 4 fields about the intended use are empty, placeholders or no decision role: uses.decisionRole, uses.population" with input as question
}

test_silence_is_no_use if {
	every question in [fixture.silent, fixture.digressing] {
		not intended_use.satisfied with input as question
		not intended_use.message with input as question
	}
}

test_garbage_is_no_use if {
	every text in fixture.garbage { not intended_use.satisfied with input as use(text, []) }
}
