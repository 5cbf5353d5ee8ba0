package model.performance.net_benefit_range_test

import data.fixture
import data.model.performance.net_benefit_range

gained(low, value, high) := fixture.measured("performance", [
	fixture.number("decision_thresholds", "9"), fixture.number("net_benefit_gain_least_at", "0.35"),
	fixture.interval("net_benefit_gain_least", low, value, high),
])

test_an_interval_above_the_limit_satisfies if net_benefit_range.satisfied with input as gained("0", "0.1", "0.2")

test_an_interval_that_holds_the_limit_is_inconclusive if {
	question := gained("-0.01", "0.1", "0.2")
	not net_benefit_range.satisfied with input as question
	net_benefit_range.inconclusive with input as question
}

test_an_interval_below_the_limit_fails if {
	question := gained("-0.3", "-0.2", "-0.1")
	not net_benefit_range.satisfied with input as question
	not net_benefit_range.inconclusive with input as question
	net_benefit_range.message == "net benefit over the better of treat all and treat none may somewhere be as low as -0.3, limit 0; it is least at 0.35: -0.2 (95% interval -0.3 to -0.1, n = 100)" with input as question
}

test_no_range_is_asked_for if {
	net_benefit_range.satisfied with input as fixture.measured("performance", [fixture.number("decision_thresholds", "0")])
}

test_silence_is_no_benefit if {
	every question in [fixture.silent, fixture.digressing] {
		not net_benefit_range.satisfied with input as question
		not net_benefit_range.inconclusive with input as question
		not net_benefit_range.message with input as question
	}
}

test_garbage_is_no_benefit if {
	looked := fixture.number("decision_thresholds", "9")
	every spoilt in fixture.spoilt("net_benefit_gain_least", "") {
		not net_benefit_range.satisfied with input as fixture.measured("performance", [looked, spoilt])
		not net_benefit_range.inconclusive with input as fixture.measured("performance", [looked, spoilt])
	}
	every text in fixture.garbage {
		not net_benefit_range.satisfied with input as fixture.measured("performance", [fixture.number("decision_thresholds", text)])
	}
}

test_survival_has_no_threshold if {
	net_benefit_range.satisfied with input as fixture.with_facts(fixture.silent, {"task": "survival"})
}
