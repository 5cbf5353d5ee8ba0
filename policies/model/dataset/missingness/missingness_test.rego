package model.dataset.missingness_test

import data.fixture
import data.model.dataset.missingness

missing(age, stage) := fixture.measured("dataset", [
	fixture.about("missing_fraction", "age", age),
	fixture.about("missing_fraction", "stage", stage),
])

test_columns_at_the_limit_satisfy if missingness.satisfied with input as missing("0", "0.2")

test_a_column_above_it_fails_and_is_named if {
	question := missing("0.1", "0.2501")
	not missingness.satisfied with input as question
	missingness.message == "too many values are missing, limit 0.2: stage 0.25" with input as question
}

test_development_tolerates_more if {
	missingness.satisfied with input as fixture.in_profile(missing("0.1", "0.6"), "development")
	not missingness.satisfied with input as fixture.in_profile(missing("0.1", "0.61"), "development")
}

test_silence_misses_everything if {
	every question in [fixture.silent, fixture.digressing] { not missingness.satisfied with input as question }
}

test_garbage_misses_everything if {
	every text in fixture.garbage { not missingness.satisfied with input as missing("0", text) }
}

test_a_missing_value_where_none_may_be_fails_and_is_named if {
	question := fixture.measured("dataset", [
		fixture.about("missing_fraction", "age", "0.01"),
		fixture.about("required_missing", "age", "3"),
	])
	not missingness.satisfied with input as question
	missingness.message == "too many values are missing, limit 0.2: age (required) 3 values" with input as question
}

test_no_value_missing_where_none_may_be_satisfies if {
	missingness.satisfied with input as fixture.measured("dataset", [
		fixture.about("missing_fraction", "age", "0.01"),
		fixture.about("required_missing", "age", "0"),
	])
}
