package model.performance.sensitivity_test

import data.fixture
import data.model.performance.sensitivity

sensitive(low, value, high) := fixture.measured("performance", [fixture.interval("sensitivity", low, value, high)])

test_an_interval_above_the_limit_satisfies if sensitivity.satisfied with input as sensitive("0.9", "0.95", "0.98")

test_an_interval_that_holds_the_limit_is_inconclusive if {
	question := sensitive("0.89", "0.95", "0.98")
	not sensitivity.satisfied with input as question
	sensitivity.inconclusive with input as question
}

test_an_interval_below_the_limit_fails if {
	question := sensitive("0.7", "0.8", "0.89")
	not sensitivity.satisfied with input as question
	not sensitivity.inconclusive with input as question
	sensitivity.message == "sensitivity may be as low as 0.7, limit 0.9: 0.8 (95% interval 0.7 to 0.89, n = 100)" with input as question
}

test_silence_is_no_proof if {
	every question in [fixture.silent, fixture.digressing] {
		not sensitivity.satisfied with input as question
		not sensitivity.inconclusive with input as question
		not sensitivity.message with input as question
	}
}

test_an_unreadable_interval_is_no_proof if {
	every spoilt in fixture.spoilt("sensitivity", "") {
		not sensitivity.satisfied with input as fixture.measured("performance", [spoilt])
		not sensitivity.inconclusive with input as fixture.measured("performance", [spoilt])
	}
}

test_two_measurements_contradict_each_other if {
	one := fixture.interval("sensitivity", "0.9", "0.95", "0.98")
	not sensitivity.satisfied with input as fixture.measured("performance", [one, one])
}

test_survival_has_no_threshold if {
	sensitivity.satisfied with input as fixture.with_facts(fixture.silent, {"task": "survival"})
}
