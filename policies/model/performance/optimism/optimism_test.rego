package model.performance.optimism_test

import data.fixture
import data.model.performance.optimism

lost(low, value, high) := fixture.measured("performance", [fixture.interval("optimism", low, value, high)])

test_little_optimism_satisfies if optimism.satisfied with input as lost("-0.02", "0.01", "0.05")

test_an_interval_that_holds_the_limit_is_inconclusive if {
	question := lost("-0.02", "0.03", "0.08")
	not optimism.satisfied with input as question
	optimism.inconclusive with input as question
}

test_an_overfitted_model_fails if {
	question := lost("0.06", "0.1", "0.15")
	not optimism.satisfied with input as question
	not optimism.inconclusive with input as question
	optimism.message == "on new patients discrimination may be lower by as much as 0.15 than in training, limit 0.05: 0.1 (95% interval 0.06 to 0.15, n = 100)" with input as question
}

test_silence_is_not_honest if {
	every question in [fixture.silent, fixture.digressing] {
		not optimism.satisfied with input as question
		not optimism.message with input as question
	}
}

test_an_unreadable_interval_is_not_honest if {
	every spoilt in fixture.spoilt("optimism", "") {
		question := fixture.measured("performance", [spoilt])
		not optimism.satisfied with input as question
		not optimism.inconclusive with input as question
	}
}
