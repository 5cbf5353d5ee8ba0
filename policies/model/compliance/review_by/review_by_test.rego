package model.compliance.review_by_test

import data.fixture
import data.model.compliance.review_by

by(instant) := fixture.measured("compliance", [fixture.number("review_by", instant)])

test_a_review_within_a_year_satisfies if {
	review_by.satisfied with input as by(fixture.next_year) # 365 days
	review_by.satisfied with input as by("1827057600") # 366
	review_by.satisfied with input as by("1795435201")
}

test_a_review_that_is_due_fails if {
	every instant in [fixture.now, fixture.an_hour_ago] { not review_by.satisfied with input as by(instant) }
	review_by.message == "the model is to be reviewed by 2026-11-23T11:00:00Z, limit 366 days from now" with input as by(fixture.an_hour_ago)
}

test_a_review_in_years_fails if not review_by.satisfied with input as by("1827057601")

test_no_review_fails if {
	question := fixture.measured("compliance", [fixture.explained("review_by", "", "", "no date is given")])
	not review_by.satisfied with input as question
	review_by.message == "the model is to be reviewed by no date is given, limit 366 days from now" with input as question
}

test_silence_reviews_nothing if {
	every question in [fixture.silent, fixture.digressing] {
		not review_by.satisfied with input as question
		not review_by.message with input as question
	}
}

test_garbage_reviews_nothing if {
	every text in fixture.garbage { not review_by.satisfied with input as by(text) }
}
