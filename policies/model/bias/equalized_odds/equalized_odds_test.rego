package model.bias.equalized_odds_test

import data.fixture
import data.model.bias.equalized_odds

compared(gaps) := fixture.measured("bias", array.concat([fixture.number("group_columns", sprintf("%d", [count(gaps)]))], gaps))

gap(column, low, value, high) := fixture.interval_about("equalized_odds_difference", column, low, value, high)

test_a_gap_that_is_not_sure_to_be_there_satisfies if {
	equalized_odds.satisfied with input as compared([gap("sex", "0.05", "0.2", "0.6"), gap("site", "0", "0", "0.01")])
	equalized_odds.satisfied with input as compared([object.union(gap("sex", "0", "", "1"), {"method": "0/0"})])
}

test_data_without_cohorts_has_no_gap if equalized_odds.satisfied with input as compared([])

test_a_gap_that_is_sure_to_be_there_is_told if {
	question := compared([gap("sex", "0.06", "0.08", "0.1"), gap("site", "0", "0.02", "0.9")])
	not equalized_odds.satisfied with input as question
	equalized_odds.message == "sensitivity or false positive rate differ by more than 0.05: between cohorts of sex by 0.08 (95% interval 0.06 to 0.1, n = 100)" with input as question
}

test_a_column_that_nobody_compared_is_not_fair if {
	question := fixture.measured("bias", [fixture.number("group_columns", "2"), gap("sex", "0", "0", "0.01")])
	not equalized_odds.satisfied with input as question
	not equalized_odds.message with input as question
}

test_silence_is_not_fair if {
	every question in [fixture.silent, fixture.digressing] {
		not equalized_odds.satisfied with input as question
		not equalized_odds.message with input as question
	}
}

test_an_unreadable_gap_is_not_fair if {
	every spoilt in fixture.spoilt("equalized_odds_difference", "sex") {
		not equalized_odds.satisfied with input as compared([spoilt])
	}
	every text in fixture.garbage {
		not equalized_odds.satisfied with input as fixture.measured("bias", [fixture.number("group_columns", text)])
	}
}

test_survival_has_no_threshold if {
	equalized_odds.satisfied with input as fixture.with_facts(fixture.silent, {"task": "survival"})
}
