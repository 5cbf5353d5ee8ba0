package model.dataset.collinearity_test

import data.fixture
import data.model.dataset.collinearity

features(constant, pairs) := fixture.measured("dataset", [
	fixture.number("constant_features", constant),
	fixture.explained("collinear_features", "", pairs, "strongest weight:grams"),
])

test_features_that_differ_satisfy if collinearity.satisfied with input as features("0", "0")

test_one_of_either_fails if {
	not collinearity.satisfied with input as features("1", "0")
	not collinearity.satisfied with input as features("0", "2")
	collinearity.message == "0 features hardly vary, and 2 pairs of features correlate above 0.9 (strongest weight:grams)" with input as features("0", "2")
}

test_garbage_says_nothing if {
	every text in fixture.garbage {
		not collinearity.satisfied with input as features(text, "0")
		not collinearity.satisfied with input as features("0", text)
	}
}

test_silence_is_not_none if {
	every question in [fixture.silent, fixture.digressing] { not collinearity.satisfied with input as question }
}
