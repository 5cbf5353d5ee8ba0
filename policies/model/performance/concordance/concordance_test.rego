package model.performance.concordance_test

import data.fixture
import data.model.performance.concordance

ordered(low, value, high) := fixture.with_facts(fixture.measured("performance", [fixture.interval("c_index", low, value, high)]), {"task": "survival"})

test_an_interval_above_the_limit_satisfies if concordance.satisfied with input as ordered("0.6", "0.7", "0.8")

test_an_interval_that_holds_the_limit_is_inconclusive if {
	question := ordered("0.59", "0.7", "0.8")
	not concordance.satisfied with input as question
	concordance.inconclusive with input as question
}

test_an_interval_below_the_limit_fails if {
	question := ordered("0.4", "0.5", "0.59")
	not concordance.satisfied with input as question
	not concordance.inconclusive with input as question
	concordance.message == "C-index may be as low as 0.4, limit 0.6: 0.5 (95% interval 0.4 to 0.59, n = 100)" with input as question
}

test_silence_is_no_proof if {
	every question in [fixture.with_facts(fixture.silent, {"task": "survival"}), fixture.with_facts(fixture.digressing, {"task": "survival"})] {
		not concordance.satisfied with input as question
		not concordance.inconclusive with input as question
		not concordance.message with input as question
	}
}

test_an_unreadable_interval_is_no_proof if {
	every spoilt in fixture.spoilt("c_index", "") {
		not concordance.satisfied with input as fixture.with_facts(fixture.measured("performance", [spoilt]), {"task": "survival"})
		not concordance.inconclusive with input as fixture.with_facts(fixture.measured("performance", [spoilt]), {"task": "survival"})
	}
}

test_two_measurements_contradict_each_other if {
	one := fixture.interval("c_index", "0.6", "0.7", "0.8")
	not concordance.satisfied with input as fixture.with_facts(fixture.measured("performance", [one, one]), {"task": "survival"})
}

test_binary_outcomes_are_ranked_by_auroc if concordance.satisfied with input as fixture.silent

test_an_unknown_task_is_no_proof if {
	not concordance.satisfied with input as fixture.with_facts(fixture.silent, {"task": "regression"})
}
