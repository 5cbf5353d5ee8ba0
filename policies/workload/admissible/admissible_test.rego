package workload.admissible_test

import data.fixture
import data.workload.admissible

test_a_model_that_passes_satisfies if admissible.satisfied with input as fixture.uses({})

test_a_workload_without_a_model_satisfies if admissible.satisfied with input as fixture.workload([], [])

test_a_model_that_does_not_pass_fails if {
	question := fixture.uses({"admitted": false, "digest": "sha256:ab"})
	not admissible.satisfied with input as question
	admissible.message == "the evidence of breast-malignancy@sha256:ab does not pass in production" with input as question
}

# One fault, one finding: workload.released denies it.
test_what_was_never_released_is_left_to_the_rule_for_it if {
	admissible.satisfied with input as fixture.uses({"released": false, "admitted": false})
}

test_silence_admits_nothing if {
	every question in fixture.speechless { not admissible.satisfied with input as question }
}

test_garbage_admits_nothing if {
	every other in ["garbage", "1e9", "null", "true", 1, null] {
		not admissible.satisfied with input as fixture.uses({"admitted": other})
		not admissible.satisfied with input as fixture.uses({"released": other, "admitted": false})
	}
}
