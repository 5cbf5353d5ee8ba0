package model.dataset.soft_limits_test

import data.fixture
import data.model.dataset.soft_limits

beyond(text) := fixture.measured("dataset", [
	fixture.number("soft_limits_declared", "1"),
	object.union(fixture.about("soft_range_violations", "age", text), {"n": 400}),
])

test_five_in_a_thousand_satisfy if soft_limits.satisfied with input as beyond("2")

test_a_contract_without_soft_limits_satisfies if {
	soft_limits.satisfied with input as fixture.measured("dataset", [fixture.number("soft_limits_declared", "0")])
}

test_more_fail_and_their_column_is_named if {
	not soft_limits.satisfied with input as beyond("3")
	soft_limits.message == "values outside low and high, limit 0.005 of a column: age 3 of 400" with input as beyond("3")
}

test_a_column_that_nobody_counted_fails if {
	not soft_limits.satisfied with input as fixture.measured("dataset", [fixture.number("soft_limits_declared", "1")])
}

test_garbage_is_not_usual if {
	every text in fixture.garbage { not soft_limits.satisfied with input as beyond(text) }
}

test_silence_is_not_usual if {
	every question in [fixture.silent, fixture.digressing] { not soft_limits.satisfied with input as question }
}
