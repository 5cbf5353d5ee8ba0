package model.performance.sensitivity_non_inferiority_test

import data.fixture
import data.model.performance.sensitivity_non_inferiority

against(low, value, high) := fixture.measured("performance", [
	fixture.number("champions", "1"),
	fixture.interval("sensitivity_difference", low, value, high),
])

test_a_loss_within_the_margin_satisfies if sensitivity_non_inferiority.satisfied with input as against("-0.03", "0", "0.03")

test_an_interval_that_holds_the_margin_is_inconclusive if {
	question := against("-0.04", "0", "0.03")
	not sensitivity_non_inferiority.satisfied with input as question
	sensitivity_non_inferiority.inconclusive with input as question
}

test_a_loss_beyond_the_margin_fails if {
	question := against("-0.2", "-0.1", "-0.05")
	not sensitivity_non_inferiority.satisfied with input as question
	not sensitivity_non_inferiority.inconclusive with input as question
	sensitivity_non_inferiority.message == "the candidate may find fewer than the champion by as much as 0.2, margin 0.03: difference -0.1 (95% interval -0.2 to -0.05, n = 100)" with input as question
}

test_the_first_model_has_no_champion if {
	sensitivity_non_inferiority.satisfied with input as fixture.measured("performance", [fixture.number("champions", "0")])
}

test_a_champion_without_a_comparison_is_not_beaten if {
	not sensitivity_non_inferiority.satisfied with input as fixture.measured("performance", [fixture.number("champions", "1")])
}

test_silence_is_no_comparison if {
	every question in [fixture.silent, fixture.digressing] {
		not sensitivity_non_inferiority.satisfied with input as question
		not sensitivity_non_inferiority.message with input as question
	}
}

test_an_unreadable_interval_is_no_comparison if {
	every spoilt in fixture.spoilt("sensitivity_difference", "") {
		question := fixture.measured("performance", [fixture.number("champions", "1"), spoilt])
		not sensitivity_non_inferiority.satisfied with input as question
		not sensitivity_non_inferiority.inconclusive with input as question
	}
	every text in fixture.garbage {
		not sensitivity_non_inferiority.satisfied with input as fixture.measured("performance", [fixture.number("champions", text)])
	}
}

test_survival_has_no_threshold if {
	sensitivity_non_inferiority.satisfied with input as fixture.with_facts(fixture.silent, {"task": "survival"})
}
