package model.compliance.data_use_test

import data.fixture
import data.model.compliance.data_use

agreement(named, purpose, covers, expires) := fixture.measured("compliance", [
	fixture.number("data_use_agreement", named),
	fixture.number("data_use_purpose", purpose),
	fixture.number("data_use_covers", covers),
	fixture.number("data_use_expires", expires),
])

test_an_agreement_that_covers_this_today_satisfies if {
	data_use.satisfied with input as agreement("1", "1", "1", fixture.next_year)
}

test_an_agreement_that_has_ended_fails if {
	question := agreement("1", "1", "1", fixture.an_hour_ago)
	not data_use.satisfied with input as question
	data_use.message == "agreement named: 1 of 1, purpose covers model development: 1 of 1, about this data: 1 of 1, ends 2026-11-23T11:00:00Z" with input as question
}

# The last instant of an agreement is not within it.
test_an_agreement_that_ends_now_fails if not data_use.satisfied with input as agreement("1", "1", "1", fixture.now)

test_another_purpose_fails if {
	question := agreement("1", "0", "1", fixture.next_year)
	not data_use.satisfied with input as question
	contains(data_use.message, "purpose covers model development: 0 of 1") with input as question
}

test_other_data_fails if {
	question := agreement("1", "1", "0", fixture.next_year)
	not data_use.satisfied with input as question
	contains(data_use.message, "about this data: 0 of 1") with input as question
}

test_no_agreement_fails if not data_use.satisfied with input as agreement("0", "1", "1", fixture.next_year)

test_silence_permits_nothing if {
	every question in [fixture.silent, fixture.digressing] {
		not data_use.satisfied with input as question
		not data_use.message with input as question
	}
}

test_garbage_permits_nothing if {
	every text in fixture.garbage {
		not data_use.satisfied with input as agreement(text, "1", "1", fixture.next_year)
		not data_use.satisfied with input as agreement("1", text, "1", fixture.next_year)
		not data_use.satisfied with input as agreement("1", "1", text, fixture.next_year)
		not data_use.satisfied with input as agreement("1", "1", "1", text)
	}
}
