package model.dataset.outliers_test

import data.fixture
import data.model.dataset.outliers

sought(low, value) := fixture.measured("dataset", [
	fixture.number("number_features", "1"),
	fixture.interval_about("outlier_fraction", "psa", low, value, "0.9"),
])

test_few_satisfy if outliers.satisfied with input as sought("0.004", "0.02")

test_more_fail_and_their_column_is_named if {
	not outliers.satisfied with input as sought("0.006", "0.02")
	outliers.message == "values lie far from all others, limit 0.005 of a column: psa 0.02" with input as sought("0.006", "0.02")
}

test_a_column_that_nobody_looked_at_fails if {
	not outliers.satisfied with input as fixture.measured("dataset", [fixture.number("number_features", "1")])
	outliers.satisfied with input as fixture.measured("dataset", [fixture.number("number_features", "0")])
}

test_an_unreadable_interval_fails if {
	every m in fixture.spoilt("outlier_fraction", "psa") {
		not outliers.satisfied with input as fixture.measured("dataset", [fixture.number("number_features", "1"), m])
	}
}

test_silence_is_no_search if {
	every question in [fixture.silent, fixture.digressing] { not outliers.satisfied with input as question }
}
