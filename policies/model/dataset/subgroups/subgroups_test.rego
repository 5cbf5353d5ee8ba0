package model.dataset.subgroups_test

import data.fixture
import data.model.dataset.subgroups

absent(text) := fixture.measured("dataset", [
	fixture.number("cohorts_absent", text),
	fixture.about("cohort_rows", "sex=female", "0"),
	fixture.about("cohort_rows", "sex=male", "40"),
	fixture.explained("cohort_rows", "sex=other", "", "<11"),
])

test_nobody_absent_satisfies if subgroups.satisfied with input as absent("0")

test_an_absent_cohort_fails_and_is_named if {
	not subgroups.satisfied with input as absent("1")
	subgroups.message == "nobody in the holdout belongs to 1 declared cohorts: sex=female" with input as absent("1")
}

test_garbage_may_be_absent if {
	every text in fixture.garbage { not subgroups.satisfied with input as absent(text) }
}

test_silence_is_not_presence if {
	every question in [fixture.silent, fixture.digressing] { not subgroups.satisfied with input as question }
}
