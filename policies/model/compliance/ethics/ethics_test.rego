package model.compliance.ethics_test

import data.fixture
import data.model.compliance.ethics

decision(taken, expires) := fixture.measured("compliance", [
	fixture.number("ethics_decision", taken),
	fixture.number("ethics_expires", expires),
])

test_a_decision_that_holds_satisfies if ethics.satisfied with input as decision("1", fixture.next_year)

test_a_decision_that_has_ended_fails if {
	question := decision("1", fixture.an_hour_ago)
	not ethics.satisfied with input as question
	ethics.message == "ethics decision on record: 1 of 1, ends 2026-11-23T11:00:00Z" with input as question
}

test_no_decision_fails if {
	question := decision("0", fixture.next_year)
	not ethics.satisfied with input as question
	startswith(ethics.message, "ethics decision on record: 0 of 1") with input as question
}

test_silence_decides_nothing if {
	every question in [fixture.silent, fixture.digressing] { not ethics.satisfied with input as question }
}

test_garbage_decides_nothing if {
	every text in fixture.garbage {
		not ethics.satisfied with input as decision(text, fixture.next_year)
		not ethics.satisfied with input as decision("1", text)
	}
}
