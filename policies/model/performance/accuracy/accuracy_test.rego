package model.performance.accuracy_test

import data.fixture
import data.model.performance.accuracy

scored(low, value, high) := fixture.measured("performance", [fixture.interval("scaled_brier", low, value, high)])

test_an_interval_above_the_limit_satisfies if accuracy.satisfied with input as scored("0", "0.2", "0.3")

test_an_interval_that_holds_the_limit_is_inconclusive if {
	question := scored("-0.01", "0.2", "0.3")
	not accuracy.satisfied with input as question
	accuracy.inconclusive with input as question
}

test_an_interval_below_the_limit_fails if {
	question := scored("-0.3", "-0.2", "-0.1")
	not accuracy.satisfied with input as question
	not accuracy.inconclusive with input as question
	accuracy.message == "scaled Brier score may be as low as -0.3, limit 0: -0.2 (95% interval -0.3 to -0.1, n = 100)" with input as question
}

test_silence_is_no_proof if {
	every question in [fixture.silent, fixture.digressing] {
		not accuracy.satisfied with input as question
		not accuracy.inconclusive with input as question
		not accuracy.message with input as question
	}
}

test_an_unreadable_interval_is_no_proof if {
	every spoilt in fixture.spoilt("scaled_brier", "") {
		not accuracy.satisfied with input as fixture.measured("performance", [spoilt])
		not accuracy.inconclusive with input as fixture.measured("performance", [spoilt])
	}
}

test_two_measurements_contradict_each_other if {
	one := fixture.interval("scaled_brier", "0", "0.2", "0.3")
	not accuracy.satisfied with input as fixture.measured("performance", [one, one])
}

test_survival_is_scored_by_concordance if {
	accuracy.satisfied with input as fixture.with_facts(fixture.silent, {"task": "survival"})
}
