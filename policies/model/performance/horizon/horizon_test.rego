package model.performance.horizon_test

import data.fixture
import data.model.performance.horizon

followed(horizons) := fixture.with_facts(fixture.measured("performance", [fixture.number("horizons", horizons)]), {"task": "survival"})

test_a_declared_horizon_satisfies if horizon.satisfied with input as followed("1")

test_production_asks_for_one if {
	not horizon.satisfied with input as followed("0")
	horizon.message == "the recipe names no horizon, so nobody can tell how true its risks are" with input as followed("0")
}

test_where_nobody_is_served_none_is_asked_for if {
	every profile in ["development", "staging"] { horizon.satisfied with input as fixture.in_profile(followed("0"), profile) }
}

test_silence_is_no_horizon if {
	every question in [fixture.silent, fixture.digressing] {
		every profile in ["production", "development"] {
			spoken := fixture.in_profile(fixture.with_facts(question, {"task": "survival"}), profile)
			not horizon.satisfied with input as spoken
			not horizon.message with input as spoken
		}
	}
}

test_garbage_is_no_horizon if {
	every text in fixture.garbage { not horizon.satisfied with input as fixture.in_profile(followed(text), "development") }
}

test_a_binary_outcome_has_none if horizon.satisfied with input as fixture.silent

test_an_unknown_task_has_none if {
	not horizon.satisfied with input as fixture.with_facts(fixture.silent, {"task": "regression"})
}
