package model.bias.cohorts_declared_test

import data.fixture
import data.model.bias.cohorts_declared

columns(text) := fixture.measured("bias", [fixture.number("group_columns", text)])

test_a_column_of_cohorts_satisfies if cohorts_declared.satisfied with input as columns("1")

test_none_fails if {
	not cohorts_declared.satisfied with input as columns("0")
	cohorts_declared.message == "0 columns name cohorts; this environment asks for at least one" with input as columns("0")
}

test_none_may_be_explored_in_development if {
	cohorts_declared.satisfied with input as fixture.in_profile(columns("0"), "development")
}

test_silence_declares_nothing if {
	every question in [fixture.silent, fixture.digressing] {
		not cohorts_declared.satisfied with input as question
		not cohorts_declared.satisfied with input as fixture.in_profile(question, "development")
	}
}

test_garbage_declares_nothing if {
	every text in fixture.garbage {
		not cohorts_declared.satisfied with input as columns(text)
		not cohorts_declared.satisfied with input as fixture.in_profile(columns(text), "development")
	}
}
