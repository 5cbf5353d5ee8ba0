package model.bias.predictive_values_test

import data.fixture
import data.model.bias.predictive_values

measured(columns, ratios) := fixture.measured("bias", array.concat([fixture.number("group_columns", columns)], ratios))

ppv(low, value, high) := object.union(fixture.interval_about("ppv_ratio", "sex", low, value, high), {"method": "wilson"})

npv(low, value, high) := object.union(fixture.interval_about("npv_ratio", "sex", low, value, high), {"method": "wilson"})

test_ratios_above_the_limit_satisfy if {
	predictive_values.satisfied with input as measured("1", [ppv("0.8", "0.9", "1"), npv("0.9", "0.95", "1")])
}

test_data_without_cohorts_has_one_meaning if predictive_values.satisfied with input as measured("0", [])

test_an_interval_that_holds_the_limit_is_inconclusive if {
	question := measured("1", [ppv("0.5", "0.9", "1"), npv("0.9", "0.95", "1")])
	not predictive_values.satisfied with input as question
	predictive_values.inconclusive with input as question
	predictive_values.message == "a predictive value may be less than 0.8 times that of another cohort: ppv_ratio between cohorts of sex is 0.9 (95% interval 0.5 to 1, n = 100)" with input as question
}

test_a_ratio_that_does_not_exist_is_inconclusive if {
	question := measured("1", [ppv("0", "", "1"), npv("0.9", "0.95", "1")])
	not predictive_values.satisfied with input as question
	predictive_values.inconclusive with input as question
	endswith(predictive_values.message, "ppv_ratio between cohorts of sex is unknown (wilson)") with input as question
}

test_a_ratio_below_the_limit_fails_whatever_the_others_leave_open if {
	question := measured("1", [ppv("0.1", "0.9", "1"), npv("0.5", "0.6", "0.7")])
	not predictive_values.satisfied with input as question
	not predictive_values.inconclusive with input as question
}

test_one_kind_of_answer_is_not_both if {
	every ratio in [ppv("0.9", "0.95", "1"), npv("0.9", "0.95", "1")] {
		not predictive_values.satisfied with input as measured("1", [ratio])
		not predictive_values.message with input as measured("1", [ratio])
	}
}

test_silence_means_nothing if {
	every question in [fixture.silent, fixture.digressing] {
		not predictive_values.satisfied with input as question
		not predictive_values.inconclusive with input as question
	}
}

test_an_unreadable_ratio_is_none if {
	every spoilt in fixture.spoilt("ppv_ratio", "sex") {
		not predictive_values.satisfied with input as measured("1", [spoilt, npv("0.9", "0.95", "1")])
		not predictive_values.inconclusive with input as measured("1", [spoilt, npv("0.9", "0.95", "1")])
	}
	every text in fixture.garbage {
		not predictive_values.satisfied with input as measured(text, [])
	}
}

test_survival_gives_no_answer if {
	predictive_values.satisfied with input as fixture.with_facts(fixture.silent, {"task": "survival"})
}

test_the_message_says_once_how_many_patients_would_settle_it if {
	endswith(predictive_values.message, "n = 100); 40 more patients with the event in the smallest cohort of sex, 160 patients in all, would settle it") with input as lacking(measured("1", [ppv("0.5", "0.9", "1"), npv("0.5", "0.9", "1")]))
	endswith(predictive_values.message, "n = 100)") with input as lacking(measured("1", [ppv("0.5", "0.6", "0.7"), npv("0.9", "0.95", "1")]))
}

lacking(question) := fixture.measured("bias", array.concat(
	question.model.measurements.bias,
	[fixture.about("positives_needed", "sex", "40"), fixture.about("patients_needed", "sex", "160")],
))
