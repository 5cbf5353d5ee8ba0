package model.performance.horizon_accuracy_test

import data.fixture
import data.model.performance.horizon_accuracy

surviving(measurements) := fixture.with_facts(fixture.measured("performance", measurements), {"task": "survival"})

accurate(low, value, high) := surviving([fixture.number("horizons", "1"), fixture.interval("scaled_brier_at_horizon", low, value, high)])

test_an_interval_above_the_limit_satisfies if horizon_accuracy.satisfied with input as accurate("0", "0.1", "0.2")

test_an_interval_that_holds_the_limit_is_inconclusive if {
	question := accurate("-0.01", "0.1", "0.2")
	not horizon_accuracy.satisfied with input as question
	horizon_accuracy.inconclusive with input as question
}

test_an_interval_below_the_limit_fails if {
	question := accurate("-0.3", "-0.2", "-0.1")
	not horizon_accuracy.satisfied with input as question
	not horizon_accuracy.inconclusive with input as question
	horizon_accuracy.message == "scaled Brier score at the horizon may be as low as -0.3, limit 0: -0.2 (95% interval -0.3 to -0.1, n = 100)" with input as question
}

test_without_a_horizon_there_is_no_risk_to_judge if {
	horizon_accuracy.satisfied with input as surviving([fixture.number("horizons", "0")])
}

test_silence_is_not_accurate if {
	every question in [fixture.silent, fixture.digressing] {
		spoken := fixture.with_facts(question, {"task": "survival"})
		not horizon_accuracy.satisfied with input as spoken
		not horizon_accuracy.inconclusive with input as spoken
		not horizon_accuracy.message with input as spoken
	}
}

test_garbage_is_not_accurate if {
	every spoilt in fixture.spoilt("scaled_brier_at_horizon", "") {
		not horizon_accuracy.satisfied with input as surviving([fixture.number("horizons", "1"), spoilt])
		not horizon_accuracy.inconclusive with input as surviving([fixture.number("horizons", "1"), spoilt])
	}
	every text in fixture.garbage {
		not horizon_accuracy.satisfied with input as surviving([fixture.number("horizons", text)])
	}
}

test_a_binary_outcome_has_no_horizon if horizon_accuracy.satisfied with input as fixture.silent
