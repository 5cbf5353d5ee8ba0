package workload.released_test

import data.fixture
import data.workload.released

test_a_promoted_model_satisfies if released.satisfied with input as fixture.uses({})

test_a_workload_without_a_model_satisfies if released.satisfied with input as fixture.workload([], [])

test_a_model_that_was_never_promoted_fails if {
	question := fixture.uses({"released": false, "digest": "sha256:ab"})
	not released.satisfied with input as question
	released.message == "breast-malignancy of sha256:ab was never promoted to production" with input as question
}

test_a_model_without_a_digest_is_told_by_its_reference if {
	question := fixture.uses({"released": false, "digest": "", "reference": "registry/models/x:latest"})
	released.message == "breast-malignancy of registry/models/x:latest was never promoted to production" with input as question
}

test_silence_releases_nothing if {
	every question in fixture.speechless { not released.satisfied with input as question }
}

test_garbage_releases_nothing if {
	every other in ["garbage", "1e9", "null", "true", 1, null] { not released.satisfied with input as fixture.uses({"released": other}) }
}
