package model.evidence.verified_test

import data.fixture
import data.model.evidence.verified

problems(found) := object.union(fixture.silent, {"model": {"problems": found}})

test_envelopes_without_a_problem_satisfy if verified.satisfied with input as problems([])

test_one_problem_fails if {
	question := problems(["envelope 2: no trusted signature", "envelope 3: no trusted signature"])
	not verified.satisfied with input as question
	verified.message == "envelope 2: no trusted signature" with input as question
}

test_silence_is_not_belief if not verified.satisfied with input as {"model": {}}

test_garbage_is_not_belief if {
	every other in ["garbage", "1e9", "null", "", null, {}, false, 0] { not verified.satisfied with input as problems(other) }
}
