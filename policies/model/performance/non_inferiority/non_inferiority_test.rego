package model.performance.non_inferiority_test

import data.fixture
import data.model.performance.non_inferiority

against(low, value, high) := fixture.measured("performance", [
	fixture.number("champions", "1"),
	fixture.interval("auroc_difference", low, value, high),
])

test_a_loss_within_the_margin_satisfies if non_inferiority.satisfied with input as against("-0.02", "0", "0.03")

test_an_interval_that_holds_the_margin_is_inconclusive if {
	question := against("-0.03", "0", "0.03")
	not non_inferiority.satisfied with input as question
	non_inferiority.inconclusive with input as question
}

test_a_loss_beyond_the_margin_fails if {
	question := against("-0.2", "-0.1", "-0.05")
	not non_inferiority.satisfied with input as question
	not non_inferiority.inconclusive with input as question
	non_inferiority.message == "the candidate may be worse than the champion by as much as 0.2, margin 0.02: difference -0.1 (95% interval -0.2 to -0.05, n = 100)" with input as question
}

test_survival_loses_concordance if {
	question := fixture.with_facts(
		fixture.measured("performance", [fixture.interval("c_index_difference", "-0.01", "0", "0.01")]),
		{"task": "survival"},
	)
	non_inferiority.satisfied with input as question
}

test_the_first_model_has_no_champion if {
	non_inferiority.satisfied with input as fixture.measured("performance", [fixture.number("champions", "0")])
}

test_a_champion_without_a_comparison_is_not_beaten if {
	not non_inferiority.satisfied with input as fixture.measured("performance", [fixture.number("champions", "1")])
}

test_silence_is_no_comparison if {
	every question in [fixture.silent, fixture.digressing] {
		not non_inferiority.satisfied with input as question
		not non_inferiority.message with input as question
	}
}

test_an_unreadable_interval_is_no_comparison if {
	every spoilt in fixture.spoilt("auroc_difference", "") {
		question := fixture.measured("performance", [fixture.number("champions", "1"), spoilt])
		not non_inferiority.satisfied with input as question
		not non_inferiority.inconclusive with input as question
	}
}

test_garbage_is_not_the_absence_of_a_champion if {
	every text in fixture.garbage {
		not non_inferiority.satisfied with input as fixture.measured("performance", [fixture.number("champions", text)])
	}
}
