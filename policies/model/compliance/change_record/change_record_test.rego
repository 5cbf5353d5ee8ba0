package model.compliance.change_record_test

import data.fixture
import data.model.compliance.change_record

said(recorded, classed, tested, rollback) := [
	fixture.number("change_record", recorded), fixture.number("change_risk_class", classed),
	fixture.number("change_tests", tested), fixture.number("change_rollback", rollback),
]

planned(recorded, classed, tested, rollback) := fixture.measured("compliance", array.concat(
	said(recorded, classed, tested, rollback),
	[fixture.number("emergency", "0")],
))

# Days of November 2026, UTC: it is noon of the 23rd.
days := {
	"17": "1794873600", "18": "1794960000", "19": "1795046400",
	"22": "1795305600", "23": "1795392000", "24": "1795478400",
}

urgent(declared, review) := fixture.measured("compliance", array.concat(
	array.concat(said("1", "1", "1", "1"), [fixture.number("emergency", "1"), fixture.number("emergency_declared", declared)]),
	review,
))

pending := [fixture.number("emergency_review", "0")]

on(day) := [fixture.number("emergency_review", "1"), fixture.number("emergency_reviewed", day)]

test_a_change_on_record_satisfies if change_record.satisfied with input as planned("1", "1", "1", "1")

test_each_of_four_is_said if {
	every question in [planned("0", "1", "1", "1"), planned("1", "0", "1", "1"), planned("1", "1", "0", "1"), planned("1", "1", "1", "0")] {
		not change_record.satisfied with input as question
	}
	change_record.message == "on record: 1 of 1, risk class: 0 of 1, tests: 1 of 1, rollback: 1 of 1" with input as planned("1", "0", "1", "1")
}

test_an_emergency_is_said_as_well if {
	every four in [["0", "1", "1", "1"], ["1", "0", "1", "1"], ["1", "1", "0", "1"], ["1", "1", "1", "0"]] {
		question := fixture.measured("compliance", array.concat(
			said(four[0], four[1], four[2], four[3]),
			[fixture.number("emergency", "1"), fixture.number("emergency_declared", days["23"]), fixture.number("emergency_review", "0")],
		))
		not change_record.satisfied with input as question
	}
}

test_an_emergency_has_days_until_its_review if {
	change_record.satisfied with input as urgent(days["23"], pending)
	change_record.satisfied with input as urgent(days["18"], pending)
	question := urgent(days["17"], pending)
	not change_record.satisfied with input as question
	endswith(change_record.message, "; emergency declared 2026-11-17T00:00:00Z, not reviewed, limit 5 days") with input as question
}

test_an_emergency_that_is_announced_is_none if not change_record.satisfied with input as urgent(days["24"], pending)

test_a_review_in_time_satisfies_for_good if {
	change_record.satisfied with input as urgent(days["17"], on(days["22"]))
	change_record.satisfied with input as urgent(days["17"], on(days["17"]))
	question := urgent(days["17"], on(days["23"]))
	not change_record.satisfied with input as question
	endswith(change_record.message, "; emergency declared 2026-11-17T00:00:00Z, reviewed 2026-11-23T00:00:00Z, limit 5 days") with input as question
}

test_a_review_before_or_ahead_is_none if {
	not change_record.satisfied with input as urgent(days["19"], on(days["18"]))
	not change_record.satisfied with input as urgent(days["22"], on(days["24"]))
}

test_silence_records_nothing if {
	every question in [fixture.silent, fixture.digressing] {
		not change_record.satisfied with input as question
		not change_record.message with input as question
	}
}

test_garbage_records_nothing if {
	every text in fixture.garbage {
		not change_record.satisfied with input as planned(text, "1", "1", "1")
		not change_record.satisfied with input as planned("1", text, "1", "1")
		not change_record.satisfied with input as planned("1", "1", text, "1")
		not change_record.satisfied with input as planned("1", "1", "1", text)
		not change_record.satisfied with input as urgent(text, pending)
		not change_record.satisfied with input as urgent(text, on(days["22"]))
		not change_record.satisfied with input as urgent(days["22"], on(text))
		not change_record.satisfied with input as urgent(days["22"], [fixture.number("emergency_review", text)])
		not change_record.satisfied with input as fixture.measured("compliance", array.concat(said("1", "1", "1", "1"), [fixture.number("emergency", text)]))
	}
}
