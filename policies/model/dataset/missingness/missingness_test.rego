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
