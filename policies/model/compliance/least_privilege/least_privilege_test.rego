package model.compliance.least_privilege_test

import data.fixture
import data.model.compliance.least_privilege

rendered(excess, reviewer, reviewed) := fixture.measured("compliance", [
	fixture.number("excess_rights", excess),
	fixture.number("access_reviewer", reviewer),
	fixture.number("access_reviewed", reviewed),
])

a_year_ago := "1763899200"

test_no_rights_and_a_review_satisfy if {
	least_privilege.satisfied with input as rendered("0", "1", fixture.an_hour_ago)
	least_privilege.satisfied with input as rendered("0", "1", fixture.now)
	least_privilege.satisfied with input as rendered("0", "1", a_year_ago)
}

test_a_right_too_many_fails_and_is_named if {
	question := fixture.measured("compliance", [
		fixture.number("excess_rights", "1"), fixture.about("excess_right", "Role/m: a wildcard in verbs", "1"),
		fixture.number("access_reviewer", "1"), fixture.number("access_reviewed", fixture.an_hour_ago),
	])
	not least_privilege.satisfied with input as question
	least_privilege.message == "1 of 100 objects give rights that a model does not need (Role/m: a wildcard in verbs); access reviewed 2026-11-23T11:00:00Z, by a person: 1 of 1, limit 365 days" with input as question
}

test_a_review_that_is_old_or_to_come_fails if {
	question := rendered("0", "1", "1763899199")
	not least_privilege.satisfied with input as question
	contains(least_privilege.message, "does not need; access reviewed 2025-11-23T11:59:59Z") with input as question
	not least_privilege.satisfied with input as rendered("0", "1", fixture.next_year)
}

test_a_review_by_nobody_fails if not least_privilege.satisfied with input as rendered("0", "0", fixture.an_hour_ago)

test_nothing_that_was_rendered_is_not_no_rights if {
	question := fixture.measured("compliance", [
		object.union(fixture.number("excess_rights", "0"), {"n": 0}),
		fixture.number("access_reviewer", "1"), fixture.number("access_reviewed", fixture.an_hour_ago),
	])
	not least_privilege.satisfied with input as question
}

test_silence_reviews_nothing if {
	every question in [fixture.silent, fixture.digressing] {
		not least_privilege.satisfied with input as question
		not least_privilege.message with input as question
	}
}

test_garbage_reviews_nothing if {
	every text in fixture.garbage {
		not least_privilege.satisfied with input as rendered(text, "1", fixture.an_hour_ago)
		not least_privilege.satisfied with input as rendered("0", text, fixture.an_hour_ago)
		not least_privilege.satisfied with input as rendered("0", "1", text)
	}
}
