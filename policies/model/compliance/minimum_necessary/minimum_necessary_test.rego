package model.compliance.minimum_necessary_test

import data.fixture
import data.model.compliance.minimum_necessary

inputs(features, unjustified, repeated, undeclared) := fixture.measured("compliance", [
	fixture.number("features", features),
	fixture.number("features_unjustified", unjustified),
	fixture.number("features_repeated", repeated),
	fixture.number("features_undeclared", undeclared),
])

test_inputs_with_reasons_satisfy if minimum_necessary.satisfied with input as inputs("8", "0", "0", "0")

test_a_model_without_inputs_does_not if not minimum_necessary.satisfied with input as inputs("0", "0", "0", "0")

test_one_of_each_fails_and_is_named if {
	not minimum_necessary.satisfied with input as inputs("8", "1", "0", "0")
	not minimum_necessary.satisfied with input as inputs("8", "0", "1", "0")
	not minimum_necessary.satisfied with input as inputs("8", "0", "0", "1")
	question := fixture.measured("compliance", [
		fixture.number("features", "3"), fixture.number("features_undeclared", "0"),
		fixture.number("features_unjustified", "2"), fixture.about("feature_unjustified", "age", "1"), fixture.about("feature_unjustified", "cea", "1"),
		fixture.number("features_repeated", "1"), fixture.about("feature_repeated", "race", "1"),
	])
	minimum_necessary.message == "of 3 inputs 2 have no reason (age, cea), 0 are not in the contract; 1 inputs have more than one (race)" with input as question
}

test_silence_gives_no_reason if {
	every question in [fixture.silent, fixture.digressing] {
		not minimum_necessary.satisfied with input as question
		not minimum_necessary.message with input as question
	}
}

test_garbage_gives_no_reason if {
	every text in fixture.garbage {
		not minimum_necessary.satisfied with input as inputs(text, "0", "0", "0")
		not minimum_necessary.satisfied with input as inputs("8", text, "0", "0")
		not minimum_necessary.satisfied with input as inputs("8", "0", text, "0")
		not minimum_necessary.satisfied with input as inputs("8", "0", "0", text)
	}
}
