package model.compliance.ethics_test

import data.fixture
import data.model.compliance.ethics

decision(taken, about_this, approved, expires) := fixture.measured("compliance", [
	fixture.number("ethics_decision", taken),
	fixture.number("ethics_covers", about_this),
	fixture.number("ethics_approved", approved),
	fixture.number("ethics_expires", expires),
])

test_a_decision_that_holds_satisfies if {
	ethics.satisfied with input as decision("1", "1", fixture.an_hour_ago, fixture.next_year)
	ethics.satisfied with input as decision("1", "1", fixture.now, fixture.next_year)
}

test_a_decision_that_has_ended_fails if {
	question := decision("1", "1", fixture.an_hour_ago, fixture.an_hour_ago)
	not ethics.satisfied with input as question
	ethics.message == "ethics decision on record: 1 of 1, about this data: 1 of 1, from 2026-11-23T11:00:00Z, ends 2026-11-23T11:00:00Z" with input as question
	not ethics.satisfied with input as decision("1", "1", fixture.an_hour_ago, fixture.now)
}

test_a_decision_that_is_yet_to_be_taken_fails if {
	not ethics.satisfied with input as decision("1", "1", fixture.next_year, fixture.next_year)
}

test_a_decision_about_other_data_fails if {
	question := decision("1", "0", fixture.an_hour_ago, fixture.next_year)
	not ethics.satisfied with input as question
	contains(ethics.message, "about this data: 0 of 1") with input as question
}

test_no_decision_fails if {
	question := decision("0", "1", fixture.an_hour_ago, fixture.next_year)
	not ethics.satisfied with input as question
	startswith(ethics.message, "ethics decision on record: 0 of 1") with input as question
}

test_silence_decides_nothing if {
	every question in [fixture.silent, fixture.digressing] {
		not ethics.satisfied with input as question
		not ethics.message with input as question
	}
}

test_garbage_decides_nothing if {
	every text in fixture.garbage {
		not ethics.satisfied with input as decision(text, "1", fixture.an_hour_ago, fixture.next_year)
		not ethics.satisfied with input as decision("1", text, fixture.an_hour_ago, fixture.next_year)
		not ethics.satisfied with input as decision("1", "1", text, fixture.next_year)
		not ethics.satisfied with input as decision("1", "1", fixture.an_hour_ago, text)
	}
}
