package model.bias.worst_cohort_sensitivity_test

import data.fixture
import data.model.bias.worst_cohort_sensitivity

measured(cohorts) := fixture.measured("bias", array.concat([fixture.number("group_columns", sprintf("%d", [count(cohorts)]))], cohorts))

cohort(column, low, value, high) := fixture.interval_about("worst_sensitivity", column, low, value, high)

test_cohorts_above_the_limit_satisfy if {
	worst_cohort_sensitivity.satisfied with input as measured([cohort("sex", "0.85", "0.9", "0.95"), cohort("site", "0.9", "0.92", "1")])
}

test_data_without_cohorts_has_no_worst_one if worst_cohort_sensitivity.satisfied with input as measured([])

test_an_interval_that_holds_the_limit_is_inconclusive if {
	question := measured([cohort("sex", "0.6", "0.9", "0.97"), cohort("site", "0.9", "0.92", "1")])
	not worst_cohort_sensitivity.satisfied with input as question
	worst_cohort_sensitivity.inconclusive with input as question
	startswith(worst_cohort_sensitivity.message, "sensitivity may be as low as 0.6 in a cohort of sex, limit 0.85: 0.9 ") with input as question
}

# A small cohort may leave more open; the one that is proven is told.
test_one_cohort_below_the_limit_fails_whatever_the_others_leave_open if {
	question := measured([cohort("sex", "0.1", "0.9", "1"), cohort("site", "0.5", "0.6", "0.7")])
	not worst_cohort_sensitivity.satisfied with input as question
	not worst_cohort_sensitivity.inconclusive with input as question
	worst_cohort_sensitivity.message == "sensitivity may be as low as 0.5 in a cohort of site, limit 0.85: 0.6 (95% interval 0.5 to 0.7, n = 100)" with input as question
}

test_the_message_says_how_many_patients_would_settle_it if {
	open := measured([cohort("sex", "0.6", "0.9", "0.97")])
	endswith(worst_cohort_sensitivity.message, "; 40 more patients with the event in the smallest cohort of sex, 160 patients in all, would settle it") with input as lacking(open)
	endswith(worst_cohort_sensitivity.message, "n = 100)") with input as open
	endswith(worst_cohort_sensitivity.message, "n = 100)") with input as lacking(measured([cohort("sex", "0.5", "0.6", "0.7")]))
}

lacking(question) := fixture.measured("bias", array.concat(
	question.model.measurements.bias,
	[fixture.about("positives_needed", "sex", "40"), fixture.about("patients_needed", "sex", "160")],
))

test_a_column_that_nobody_looked_at_is_not_served if {
	question := fixture.measured("bias", [fixture.number("group_columns", "2"), cohort("sex", "0.9", "0.95", "1")])
	not worst_cohort_sensitivity.satisfied with input as question
	not worst_cohort_sensitivity.message with input as question
}

test_silence_serves_nobody if {
	every question in [fixture.silent, fixture.digressing] {
		not worst_cohort_sensitivity.satisfied with input as question
		not worst_cohort_sensitivity.inconclusive with input as question
	}
}

test_an_unreadable_cohort_is_not_served if {
	every spoilt in fixture.spoilt("worst_sensitivity", "sex") {
		not worst_cohort_sensitivity.satisfied with input as measured([spoilt])
		not worst_cohort_sensitivity.inconclusive with input as measured([spoilt])
	}
	every text in fixture.garbage {
		not worst_cohort_sensitivity.satisfied with input as fixture.measured("bias", [fixture.number("group_columns", text)])
	}
}

test_survival_has_no_threshold if {
	worst_cohort_sensitivity.satisfied with input as fixture.with_facts(fixture.silent, {"task": "survival"})
}
