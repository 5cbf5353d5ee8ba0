package model.bias.demographic_parity_test

import data.fixture
import data.model.bias.demographic_parity

compared(ratios) := fixture.measured("bias", array.concat([fixture.number("group_columns", sprintf("%d", [count(ratios)]))], ratios))

ratio(column, low, value, high) := object.union(
	fixture.interval_about("demographic_parity_ratio", column, low, value, high),
	{"method": "wilson"},
)

test_ratios_above_the_limit_satisfy if {
	demographic_parity.satisfied with input as compared([ratio("sex", "0.8", "0.9", "1"), ratio("site", "0.9", "0.95", "1")])
}

test_data_without_cohorts_selects_alike if demographic_parity.satisfied with input as compared([])

test_an_interval_that_holds_the_limit_is_inconclusive if {
	question := compared([ratio("sex", "0.5", "0.9", "1"), ratio("site", "0.9", "0.95", "1")])
	not demographic_parity.satisfied with input as question
	demographic_parity.inconclusive with input as question
	demographic_parity.message == "a cohort may be selected less than 0.8 times as often as another: the ratio between cohorts of sex is 0.9 (95% interval 0.5 to 1, n = 100)" with input as question
}

test_a_ratio_that_does_not_exist_is_inconclusive if {
	question := compared([ratio("sex", "0", "", "1")])
	not demographic_parity.satisfied with input as question
	demographic_parity.inconclusive with input as question
	endswith(demographic_parity.message, "the ratio between cohorts of sex is unknown (wilson)") with input as question
}

test_a_ratio_below_the_limit_fails_whatever_the_others_leave_open if {
	question := compared([ratio("sex", "0.1", "0.9", "1"), ratio("site", "0.5", "0.6", "0.7")])
	not demographic_parity.satisfied with input as question
	not demographic_parity.inconclusive with input as question
}

test_a_column_that_nobody_compared_is_not_alike if {
	question := fixture.measured("bias", [fixture.number("group_columns", "2"), ratio("sex", "0.9", "0.95", "1")])
	not demographic_parity.satisfied with input as question
	not demographic_parity.message with input as question
}

test_silence_selects_nobody if {
	every question in [fixture.silent, fixture.digressing] {
		not demographic_parity.satisfied with input as question
		not demographic_parity.inconclusive with input as question
	}
}

test_an_unreadable_ratio_is_none if {
	every spoilt in fixture.spoilt("demographic_parity_ratio", "sex") {
		not demographic_parity.satisfied with input as compared([spoilt])
		not demographic_parity.inconclusive with input as compared([spoilt])
	}
	every text in fixture.garbage {
		not demographic_parity.satisfied with input as fixture.measured("bias", [fixture.number("group_columns", text)])
	}
}

test_survival_selects_nobody if {
	demographic_parity.satisfied with input as fixture.with_facts(fixture.silent, {"task": "survival"})
}

test_the_message_says_once_how_many_patients_would_settle_it if {
	endswith(demographic_parity.message, "n = 100); 40 more patients with the event in the smallest cohort of sex, 160 patients in all, would settle it") with input as lacking(compared([ratio("sex", "0.5", "0.9", "1")]))
	endswith(demographic_parity.message, "n = 100)") with input as lacking(compared([ratio("sex", "0.5", "0.6", "0.7")]))
}

lacking(question) := fixture.measured("bias", array.concat(
	question.model.measurements.bias,
	[fixture.about("positives_needed", "sex", "40"), fixture.about("patients_needed", "sex", "160")],
))
