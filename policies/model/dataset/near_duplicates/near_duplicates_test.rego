package model.dataset.near_duplicates_test

import data.fixture
import data.model.dataset.near_duplicates

found(text) := fixture.measured("dataset", [object.union(fixture.number("near_duplicate_rows", text), {"n": 400})])

test_five_in_a_thousand_satisfy if near_duplicates.satisfied with input as found("2")

test_more_fail if {
	not near_duplicates.satisfied with input as found("3")
	near_duplicates.message == "3 of 400 rows equal another one but for rounding, limit 0.005 of all" with input as found("3")
}

test_garbage_may_repeat if {
	every text in fixture.garbage { not near_duplicates.satisfied with input as found(text) }
}

test_silence_is_not_none if {
	every question in [fixture.silent, fixture.digressing] { not near_duplicates.satisfied with input as question }
}
