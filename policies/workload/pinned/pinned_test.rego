package workload.pinned_test

import data.fixture
import data.workload.pinned

test_a_digest_satisfies if pinned.satisfied with input as fixture.uses({})

test_a_workload_without_a_model_satisfies if pinned.satisfied with input as fixture.workload([], [])

test_a_tag_fails if {
	question := fixture.uses({"digest": "", "reference": "registry/models/x:latest"})
	not pinned.satisfied with input as question
	pinned.message == "spec.volumes[0].image names the model by \"registry/models/x:latest\", which is not a digest" with input as question
}

test_silence_pins_nothing if {
	every question in fixture.speechless { not pinned.satisfied with input as question }
}

test_garbage_pins_nothing if {
	every other in [
		"garbage", "1e9", "null", null, 1, "sha256:ab", upper(fixture.digest("a")),
		concat("", [fixture.digest("a"), "\n"]), concat("", [fixture.digest("a"), "0"]), fixture.digest("g"),
	] {
		not pinned.satisfied with input as fixture.uses({"digest": other})
	}
}
