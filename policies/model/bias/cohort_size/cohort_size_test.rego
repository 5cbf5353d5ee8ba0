package model.bias.cohort_size_test

import data.fixture
import data.model.bias.cohort_size

counted(columns, cohorts) := fixture.measured("bias", array.concat([fixture.number("group_columns", columns)], cohorts))

fewest(column, positives) := fixture.about("fewest_positives", column, positives)

test_cohorts_with_enough_events_satisfy if {
	cohort_size.satisfied with input as counted("2", [fewest("sex", "100"), fewest("site", "900")])
}

test_data_without_cohorts_has_no_small_one if cohort_size.satisfied with input as counted("0", [])

test_a_small_cohort_is_told_with_what_it_lacks if {
	question := counted("2", [
		fewest("sex", "99"), fewest("site", "900"),
		fixture.about("positives_needed", "sex", "149"), fixture.about("patients_needed", "sex", "600"),
	])
	not cohort_size.satisfied with input as question
	cohort_size.message == "fewer than 100 patients with the event: a cohort of sex has 99; 149 more patients with the event in the smallest cohort of sex, 600 patients in all, would settle it" with input as question
}

test_of_a_hidden_cohort_only_a_bound_is_told if {
	question := counted("1", [object.union(fewest("sex", "10"), {"n": 0})])
	cohort_size.message == "fewer than 100 patients with the event: a cohort of sex has 10 or fewer" with input as question
}

test_a_column_that_nobody_counted_is_not_large if {
	question := counted("2", [fewest("sex", "100")])
	not cohort_size.satisfied with input as question
	not cohort_size.message with input as question
}

test_silence_counts_nobody if {
	every question in [fixture.silent, fixture.digressing] {
		not cohort_size.satisfied with input as question
		not cohort_size.message with input as question
	}
}

test_an_unreadable_count_is_none if {
	every text in fixture.garbage {
		not cohort_size.satisfied with input as counted("1", [fewest("sex", text)])
		not cohort_size.satisfied with input as counted(text, [])
	}
}
