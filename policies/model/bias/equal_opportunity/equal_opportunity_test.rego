package model.bias.equal_opportunity_test

import data.fixture
import data.model.bias.equal_opportunity

compared(gaps) := fixture.measured("bias", array.concat([fixture.number("group_columns", sprintf("%d", [count(gaps)]))], gaps))

gap(column, low, value, high) := fixture.interval_about("equal_opportunity_difference", column, low, value, high)

test_gaps_below_the_limit_satisfy if {
	equal_opportunity.satisfied with input as compared([gap("sex", "0", "0.02", "0.1"), gap("site", "0", "0", "0.01")])
}

test_data_without_cohorts_has_no_gap if equal_opportunity.satisfied with input as compared([])

test_an_interval_that_holds_the_limit_is_inconclusive if {
	question := compared([gap("sex", "0", "0.02", "0.3"), gap("site", "0", "0", "0.01")])
	not equal_opportunity.satisfied with input as question
	equal_opportunity.inconclusive with input as question
	startswith(equal_opportunity.message, "sensitivity gap may be as large as 0.3 between cohorts of sex, limit 0.1: 0.02 ") with input as question
}

# A small cohort may leave a wider gap open; the one that is proven is told.
test_one_gap_beyond_the_limit_fails_whatever_the_others_leave_open if {
	question := compared([gap("sex", "0", "0.02", "0.9"), gap("site", "0.2", "0.3", "0.4")])
	not equal_opportunity.satisfied with input as question
	not equal_opportunity.inconclusive with input as question
	equal_opportunity.message == "sensitivity gap may be as large as 0.4 between cohorts of site, limit 0.1: 0.3 (95% interval 0.2 to 0.4, n = 100)" with input as question
}

test_a_column_that_nobody_compared_is_not_fair if {
	question := fixture.measured("bias", [fixture.number("group_columns", "2"), gap("sex", "0", "0", "0.01")])
	not equal_opportunity.satisfied with input as question
	not equal_opportunity.message with input as question
}

test_a_cohort_too_small_to_compare_is_not_fair if {
	question := compared([gap("sex", "0", "", "1")])
	not equal_opportunity.satisfied with input as question
	not equal_opportunity.inconclusive with input as question
}

test_silence_is_not_fair if {
	every question in [fixture.silent, fixture.digressing] {
		not equal_opportunity.satisfied with input as question
		not equal_opportunity.inconclusive with input as question
	}
}

test_an_unreadable_gap_is_not_fair if {
	every spoilt in fixture.spoilt("equal_opportunity_difference", "sex") {
		not equal_opportunity.satisfied with input as compared([spoilt])
		not equal_opportunity.inconclusive with input as compared([spoilt])
	}
	every text in fixture.garbage {
		not equal_opportunity.satisfied with input as fixture.measured("bias", [fixture.number("group_columns", text)])
	}
}

test_the_message_says_how_many_patients_would_settle_it if {
	open := compared([gap("sex", "0", "0.02", "0.3")])
	endswith(equal_opportunity.message, "; 40 more patients with the event in the smallest cohort of sex, 160 patients in all, would settle it") with input as lacking(open)
	endswith(equal_opportunity.message, "n = 100)") with input as open
	endswith(equal_opportunity.message, "n = 100)") with input as lacking(compared([gap("sex", "0.2", "0.25", "0.3")]))
}

lacking(question) := fixture.measured("bias", array.concat(
	question.model.measurements.bias,
	[fixture.about("positives_needed", "sex", "40"), fixture.about("patients_needed", "sex", "160")],
))

test_survival_has_no_threshold if {
	equal_opportunity.satisfied with input as fixture.with_facts(fixture.silent, {"task": "survival"})
}
