package model.dataset.follow_up_test

import data.fixture
import data.model.dataset.follow_up

followed(share) := fixture.measured("dataset", [
	fixture.number("horizon_declared", "1"),
	fixture.about("at_risk_at_horizon", "train", "0.5"),
	fixture.about("at_risk_at_horizon", "holdout", share),
])

test_enough_patients_at_the_horizon_satisfy if follow_up.satisfied with input as followed("0.2")

test_too_few_fail_and_their_sample_is_named if {
	not follow_up.satisfied with input as followed("0.19")
	follow_up.message == "too few patients are followed to the horizon, limit 0.2: holdout 0.19" with input as followed("0.19")
	follow_up.satisfied with input as fixture.in_profile(followed("0.19"), "staging")
}

test_a_model_without_a_horizon_satisfies if {
	follow_up.satisfied with input as fixture.measured("dataset", [fixture.number("horizon_declared", "0")])
	not follow_up.satisfied with input as fixture.measured("dataset", [fixture.number("horizon_declared", "1")])
}

test_garbage_was_not_followed if {
	every text in fixture.garbage {
		not follow_up.satisfied with input as followed(text)
		not follow_up.satisfied with input as fixture.measured("dataset", [fixture.number("horizon_declared", text), fixture.about("at_risk_at_horizon", "holdout", "1")])
	}
}

test_silence_is_not_followed if {
	every question in [fixture.silent, fixture.digressing] { not follow_up.satisfied with input as question }
}
