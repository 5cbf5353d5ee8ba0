package model.bias.cohort_slope_test

import data.fixture
import data.model.bias.cohort_slope

measured(columns, cohorts) := fixture.measured("bias", array.concat([fixture.number("group_columns", columns)], cohorts))

lowest(column, low, value, high) := fixture.interval_about("lowest_calibration_slope", column, low, value, high)

highest(column, low, value, high) := fixture.interval_about("highest_calibration_slope", column, low, value, high)

fair := [lowest("sex", "0.6", "0.9", "1.1"), highest("sex", "0.9", "1.1", "1.4")]

test_cohorts_within_the_limits_satisfy if cohort_slope.satisfied with input as measured("1", fair)

test_data_without_cohorts_has_no_slopes if cohort_slope.satisfied with input as measured("0", [])

test_an_interval_that_reaches_out_is_inconclusive if {
	every question in [
		measured("1", [lowest("sex", "0.5", "0.9", "1.1"), highest("sex", "0.9", "1.1", "1.4")]),
		measured("1", [lowest("sex", "0.7", "0.9", "1.1"), highest("sex", "0.9", "1.1", "1000")]),
	] {
		not cohort_slope.satisfied with input as question
		cohort_slope.inconclusive with input as question
		endswith(cohort_slope.message, "; 40 more patients with the event in the smallest cohort of sex, 160 patients in all, would settle it") with input as lacking(question)
	}
}

lacking(question) := fixture.measured("bias", array.concat(
	question.model.measurements.bias,
	[fixture.about("positives_needed", "sex", "40"), fixture.about("patients_needed", "sex", "160")],
))

test_an_interval_outside_fails if {
	low := measured("1", [lowest("sex", "0.3", "0.4", "0.5"), highest("sex", "0.9", "1.1", "1.4")])
	high := measured("1", [lowest("sex", "0.7", "0.9", "1.1"), highest("sex", "1.6", "1.7", "1.8")])
	every question in [low, high] {
		not cohort_slope.satisfied with input as question
		not cohort_slope.inconclusive with input as question
	}
	cohort_slope.message == "the calibration slope may lie outside 0.6 to 1.4: a cohort of sex has 0.4 (95% interval 0.3 to 0.5, n = 100)" with input as lacking(low)
	cohort_slope.message == "the calibration slope may lie outside 0.6 to 1.4: a cohort of sex has 1.7 (95% interval 1.6 to 1.8, n = 100)" with input as high
}

test_a_column_of_which_one_end_is_missing_has_no_slopes if {
	every cohort in fair {
		not cohort_slope.satisfied with input as measured("1", [cohort])
		not cohort_slope.inconclusive with input as measured("1", [cohort])
	}
}

test_a_column_that_nobody_looked_at_has_no_slopes if {
	not cohort_slope.satisfied with input as measured("2", fair)
	not cohort_slope.inconclusive with input as measured("2", fair)
}

test_silence_has_no_slopes if {
	every question in [fixture.silent, fixture.digressing] {
		not cohort_slope.satisfied with input as question
		not cohort_slope.inconclusive with input as question
	}
}

test_an_unreadable_slope_is_none if {
	every spoilt in fixture.spoilt("lowest_calibration_slope", "sex") {
		not cohort_slope.satisfied with input as measured("1", [spoilt, fair[1]])
		not cohort_slope.inconclusive with input as measured("1", [spoilt, fair[1]])
	}
	every spoilt in fixture.spoilt("highest_calibration_slope", "sex") {
		not cohort_slope.satisfied with input as measured("1", [fair[0], spoilt])
		not cohort_slope.inconclusive with input as measured("1", [fair[0], spoilt])
	}
	every text in fixture.garbage {
		not cohort_slope.satisfied with input as measured(text, [])
	}
}

test_survival_has_no_slope if {
	cohort_slope.satisfied with input as fixture.with_facts(fixture.silent, {"task": "survival"})
}
