package model.bias.cohort_regression_test

import data.fixture
import data.model.bias.cohort_regression

against(champions, changes) := fixture.measured("bias", array.concat(
	[fixture.number("group_columns", sprintf("%d", [count(changes)])), fixture.number("champions", champions)],
	changes,
))

change(column, low, value, high) := fixture.interval_about("worst_sensitivity_change", column, low, value, high)

test_losses_within_the_margin_satisfy if {
	cohort_regression.satisfied with input as against("1", [change("sex", "-0.05", "0", "0.1"), change("site", "0", "0.01", "0.02")])
}

test_the_first_model_has_no_champion if cohort_regression.satisfied with input as against("0", [])

test_data_without_cohorts_has_none_to_lose if cohort_regression.satisfied with input as against("1", [])

test_an_interval_that_holds_the_margin_is_inconclusive if {
	question := against("1", [change("sex", "-0.3", "-0.02", "0.1"), change("site", "0", "0.01", "0.02")])
	not cohort_regression.satisfied with input as question
	cohort_regression.inconclusive with input as question
	cohort_regression.message == "sensitivity may fall by as much as 0.3 in a cohort of sex, margin 0.05: change -0.02 (95% interval -0.3 to 0.1, n = 100)" with input as question
}

# A small cohort may leave a wider loss open; the one that is proven is told.
test_one_loss_beyond_the_margin_fails_whatever_the_others_leave_open if {
	question := against("1", [change("sex", "-0.9", "-0.02", "0.1"), change("site", "-0.4", "-0.3", "-0.2")])
	not cohort_regression.satisfied with input as question
	not cohort_regression.inconclusive with input as question
	startswith(cohort_regression.message, "sensitivity may fall by as much as 0.4 in a cohort of site, margin 0.05: change -0.3 ") with input as question
}

test_a_column_that_nobody_compared_is_not_kept if {
	question := fixture.measured("bias", [fixture.number("group_columns", "2"), fixture.number("champions", "1"), change("sex", "0", "0", "0")])
	not cohort_regression.satisfied with input as question
	not cohort_regression.message with input as question
}

test_a_champion_that_nobody_counted_is_not_beaten if {
	question := fixture.measured("bias", [fixture.number("group_columns", "1"), change("sex", "0", "0", "0")])
	not cohort_regression.satisfied with input as question
	not cohort_regression.inconclusive with input as fixture.measured("bias", [fixture.number("group_columns", "1"), change("sex", "-0.3", "0", "0.1")])
}

test_silence_is_no_comparison if {
	every question in [fixture.silent, fixture.digressing] {
		not cohort_regression.satisfied with input as question
		not cohort_regression.inconclusive with input as question
	}
}

test_an_unreadable_change_is_no_comparison if {
	every spoilt in fixture.spoilt("worst_sensitivity_change", "sex") {
		not cohort_regression.satisfied with input as against("1", [spoilt])
		not cohort_regression.inconclusive with input as against("1", [spoilt])
	}
	every text in fixture.garbage {
		not cohort_regression.satisfied with input as against(text, [change("sex", "0", "0", "0")])
		not cohort_regression.satisfied with input as fixture.measured("bias", [fixture.number("champions", "1"), fixture.number("group_columns", text)])
	}
}

in_order(low, value, high) := fixture.with_facts(
	against("1", [fixture.interval_about("worst_c_index_change", "sex", low, value, high)]),
	{"task": "survival"},
)

test_survival_is_compared_by_concordance if {
	cohort_regression.satisfied with input as in_order("-0.05", "0", "0.1")
	cohort_regression.inconclusive with input as in_order("-0.06", "0", "0.1")
	startswith(cohort_regression.message, "concordance may fall by as much as 0.3 in a cohort of sex, ") with input as in_order("-0.3", "-0.2", "-0.1")
	not cohort_regression.satisfied with input as fixture.with_facts(fixture.silent, {"task": "survival"})
}

test_the_message_says_how_many_patients_would_settle_it if {
	open := against("1", [change("sex", "-0.3", "-0.02", "0.1")])
	endswith(cohort_regression.message, "; 40 more patients with the event in the smallest cohort of sex, 160 patients in all, would settle it") with input as lacking(open)
	endswith(cohort_regression.message, "n = 100)") with input as lacking(against("1", [change("sex", "-0.3", "-0.2", "-0.1")]))
}

lacking(question) := fixture.measured("bias", array.concat(
	question.model.measurements.bias,
	[fixture.about("positives_needed", "sex", "40"), fixture.about("patients_needed", "sex", "160")],
))
