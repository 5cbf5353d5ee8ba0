package model.bias.cohort_calibration_test

import data.fixture
import data.model.bias.cohort_calibration

measured(columns, cohorts) := fixture.measured("bias", array.concat([fixture.number("group_columns", columns)], cohorts))

lowest(column, low, value, high) := fixture.interval_about("lowest_oe_ratio", column, low, value, high)

highest(column, low, value, high) := fixture.interval_about("highest_oe_ratio", column, low, value, high)

fair := [lowest("sex", "0.67", "0.9", "1.1"), highest("sex", "0.9", "1.1", "1.5")]

test_cohorts_within_the_limits_satisfy if cohort_calibration.satisfied with input as measured("1", fair)

test_data_without_cohorts_has_none_to_calibrate if cohort_calibration.satisfied with input as measured("0", [])

test_an_interval_that_reaches_out_is_inconclusive if {
	every question in [
		measured("1", [lowest("sex", "0.5", "0.9", "1.1"), highest("sex", "0.9", "1.1", "1.4")]),
		measured("1", [lowest("sex", "0.7", "0.9", "1.1"), highest("sex", "0.9", "1.1", "1.7")]),
	] {
		not cohort_calibration.satisfied with input as question
		cohort_calibration.inconclusive with input as question
	}
}

test_an_interval_outside_fails if {
	low := measured("1", [lowest("sex", "0.3", "0.4", "0.66"), highest("sex", "0.9", "1.1", "1.4")])
	high := measured("1", [lowest("sex", "0.7", "0.9", "1.1"), highest("sex", "1.6", "1.7", "1.8")])
	every question in [low, high] {
		not cohort_calibration.satisfied with input as question
		not cohort_calibration.inconclusive with input as question
	}
	cohort_calibration.message == "observed over expected events may lie outside 0.67 to 1.5: a cohort of sex has 0.4 (95% interval 0.3 to 0.66, n = 100)" with input as low
	cohort_calibration.message == "observed over expected events may lie outside 0.67 to 1.5: a cohort of sex has 1.7 (95% interval 1.6 to 1.8, n = 100)" with input as high
}

test_a_column_of_which_one_end_is_missing_is_not_calibrated if {
	every cohort in fair {
		not cohort_calibration.satisfied with input as measured("1", [cohort])
		not cohort_calibration.inconclusive with input as measured("1", [cohort])
	}
}

test_a_column_that_nobody_looked_at_is_not_calibrated if {
	not cohort_calibration.satisfied with input as measured("2", fair)
	not cohort_calibration.inconclusive with input as measured("2", fair)
}

test_silence_is_not_calibrated if {
	every question in [fixture.silent, fixture.digressing] {
		not cohort_calibration.satisfied with input as question
		not cohort_calibration.inconclusive with input as question
	}
}

test_an_unreadable_cohort_is_not_calibrated if {
	every spoilt in fixture.spoilt("lowest_oe_ratio", "sex") {
		not cohort_calibration.satisfied with input as measured("1", [spoilt, fair[1]])
		not cohort_calibration.inconclusive with input as measured("1", [spoilt, fair[1]])
	}
	every spoilt in fixture.spoilt("highest_oe_ratio", "sex") {
		not cohort_calibration.satisfied with input as measured("1", [fair[0], spoilt])
		not cohort_calibration.inconclusive with input as measured("1", [fair[0], spoilt])
	}
	every text in fixture.garbage {
		not cohort_calibration.satisfied with input as measured(text, [])
	}
}

test_survival_predicts_a_probability_only_by_a_horizon if {
	without := fixture.measured("bias", [fixture.number("group_columns", "1"), fixture.number("horizons", "0")])
	cohort_calibration.satisfied with input as fixture.with_facts(without, survival)
	not cohort_calibration.satisfied with input as without
	by_then := fixture.measured("bias", array.concat([fixture.number("group_columns", "1"), fixture.number("horizons", "1")], fair))
	cohort_calibration.satisfied with input as fixture.with_facts(by_then, survival)
	unmeasured := fixture.measured("bias", [fixture.number("group_columns", "1"), fixture.number("horizons", "1")])
	not cohort_calibration.satisfied with input as fixture.with_facts(unmeasured, survival)
	not cohort_calibration.satisfied with input as fixture.with_facts(fixture.silent, survival)
}

survival := {"task": "survival"}

test_the_message_says_how_many_patients_would_settle_it if {
	open := measured("1", [lowest("sex", "0.5", "0.9", "1.1"), highest("sex", "0.9", "1.1", "1.7")])
	endswith(cohort_calibration.message, "n = 100); 40 more patients with the event in the smallest cohort of sex, 160 patients in all, would settle it") with input as lacking(open)
	failed := measured("1", [lowest("sex", "0.3", "0.4", "0.5"), highest("sex", "0.9", "1.1", "1.4")])
	endswith(cohort_calibration.message, "n = 100)") with input as lacking(failed)
}

lacking(question) := fixture.measured("bias", array.concat(
	question.model.measurements.bias,
	[fixture.about("positives_needed", "sex", "40"), fixture.about("patients_needed", "sex", "160")],
))
