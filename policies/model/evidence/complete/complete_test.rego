package model.evidence.complete_test

import data.fixture
import data.model.evidence.complete

without(gates) := fixture.asked(object.remove(fixture.digressing.model.measurements, gates))

trained(times) := object.union(fixture.digressing, {"model": {"provenance": times}})

test_five_gates_and_one_training_satisfy if complete.satisfied with input as fixture.digressing

test_a_gate_that_is_silent_fails_and_is_named if {
	question := without(["bias", "security"])
	not complete.satisfied with input as question
	complete.message == "no evidence for this environment from: bias, security" with input as question
}

test_one_statement_says_how_it_was_trained if {
	every times in [0, 2] {
		not complete.satisfied with input as trained(times)
		complete.message == "the release has no single statement of how it was trained" with input as trained(times)
	}
}

test_silence_is_not_complete if not complete.satisfied with input as fixture.silent

test_garbage_is_not_one_training if {
	every text in fixture.garbage { not complete.satisfied with input as trained(text) }
}
