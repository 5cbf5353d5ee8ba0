package model.performance.net_benefit_test

import data.fixture
import data.model.performance.net_benefit

gained(low, value, high) := fixture.measured("performance", [fixture.interval("net_benefit_gain", low, value, high)])

test_an_interval_above_the_limit_satisfies if net_benefit.satisfied with input as gained("0", "0.1", "0.2")

test_an_interval_that_holds_the_limit_is_inconclusive if {
	question := gained("-0.01", "0.1", "0.2")
	not net_benefit.satisfied with input as question
	net_benefit.inconclusive with input as question
}

test_an_interval_below_the_limit_fails if {
	question := gained("-0.3", "-0.2", "-0.1")
	not net_benefit.satisfied with input as question
	not net_benefit.inconclusive with input as question
	net_benefit.message == "net benefit over the better of treat all and treat none may be as low as -0.3, limit 0: -0.2 (95% interval -0.3 to -0.1, n = 100)" with input as question
}

test_silence_is_no_benefit if {
	every question in [fixture.silent, fixture.digressing] {
		not net_benefit.satisfied with input as question
		not net_benefit.inconclusive with input as question
		not net_benefit.message with input as question
	}
}

test_an_unreadable_interval_is_no_benefit if {
	every spoilt in fixture.spoilt("net_benefit_gain", "") {
		not net_benefit.satisfied with input as fixture.measured("performance", [spoilt])
		not net_benefit.inconclusive with input as fixture.measured("performance", [spoilt])
	}
}

test_two_measurements_contradict_each_other if {
	one := fixture.interval("net_benefit_gain", "0", "0.1", "0.2")
	not net_benefit.satisfied with input as fixture.measured("performance", [one, one])
}

test_survival_has_no_threshold if {
	net_benefit.satisfied with input as fixture.with_facts(fixture.silent, {"task": "survival"})
}
