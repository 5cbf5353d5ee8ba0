package model.dataset.drift_test

import data.fixture
import data.model.dataset.drift

power(column, text) := [fixture.about("drift_power", column, text), fixture.about("drift_rows_needed", column, "159")]

number_column(distance, p) := array.concat([fixture.about("ks", "age", distance), fixture.about("ks_p_holm", "age", p)], power("age", "0.8"))

text_column(distance, p) := array.concat(
	[
		fixture.about("chi_square", "site", "30"),
		fixture.about("chi_square_p_holm", "site", p),
		fixture.about("js_distance", "site", distance),
	],
	power("site", "0.9"),
)

compared(ms) := fixture.measured("dataset", ms)

test_a_small_distance_satisfies if {
	drift.satisfied with input as compared(array.concat(number_column("0.2", "0"), text_column("0.2", "0")))
}

# In a small holdout chance alone moves a column so far.
test_a_large_distance_that_chance_explains_satisfies if {
	drift.satisfied with input as compared(array.concat(number_column("0.5", "0.01"), text_column("0.5", "0.01")))
}

test_a_large_distance_that_chance_does_not_explain_fails if {
	question := compared(array.concat(number_column("0.5", "0.001"), text_column("0.25", "0.001")))
	not drift.satisfied with input as question
	not drift.inconclusive with input as question
	drift.message == "holdout and training differ in their distribution of: age (distance 0.5, limit 0.2), site (distance 0.25, limit 0.2)" with input as question
}

test_one_column_is_enough if {
	not drift.satisfied with input as compared(array.concat(number_column("0.1", "1"), text_column("0.5", "0")))
}

test_a_test_without_a_distance_fails if {
	not drift.satisfied with input as compared(array.concat(power("site", "1"), [fixture.about("chi_square", "site", "30"), fixture.about("chi_square_p_holm", "site", "1")]))
	not drift.satisfied with input as compared(array.concat(power("age", "1"), [fixture.about("ks", "age", "0.5")]))
}

# That nothing was seen says nothing where nothing could be seen.
test_a_column_too_short_to_see_drift_in_is_inconclusive if {
	question := compared(array.concat(power("psa", "0.619"), [fixture.about("ks", "psa", "0.1"), fixture.about("ks_p_holm", "psa", "1")]))
	not drift.satisfied with input as question
	drift.inconclusive with input as question
	drift.message == "rows are too few to see a drift of: psa (power 0.62); 159 rows of each sample would do" with input as question
}

test_drift_in_one_column_outweighs_doubt_about_another if {
	short := array.concat(power("psa", "0.1"), [fixture.about("ks", "psa", "0.1"), fixture.about("ks_p_holm", "psa", "1")])
	question := compared(array.concat(short, number_column("0.5", "0.001")))
	not drift.inconclusive with input as question
	drift.message == "holdout and training differ in their distribution of: age (distance 0.5, limit 0.2)" with input as question
}

test_a_column_of_unknown_power_fails if {
	question := compared([fixture.about("ks", "age", "0.1"), fixture.about("ks_p_holm", "age", "1")])
	not drift.satisfied with input as question
	not drift.inconclusive with input as question
	not drift.message with input as question
}

test_a_holdout_that_was_not_compared_fails if {
	every question in [fixture.silent, fixture.digressing] {
		not drift.satisfied with input as question
		not drift.inconclusive with input as question
	}
}

test_garbage_is_not_steady if {
	every text in fixture.garbage {
		not drift.satisfied with input as compared(number_column(text, "1"))
		not drift.satisfied with input as compared(number_column("0.5", text))
		not drift.satisfied with input as compared(text_column(text, "1"))
		not drift.satisfied with input as compared(text_column("0.5", text))
		not drift.satisfied with input as compared(array.concat(power("psa", text), [fixture.about("ks", "psa", "0.1")]))
	}
}
