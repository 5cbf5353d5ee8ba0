package workload.serving_image_test

import data.fixture
import data.workload.serving_image

test_the_scanned_image_satisfies if serving_image.satisfied with input as fixture.uses({})

test_a_workload_without_a_model_satisfies if {
	serving_image.satisfied with input as fixture.workload([fixture.image("c")], [])
}

test_another_container_fails_and_is_named if {
	sidecar := object.union(fixture.image("c"), {"container": "sidecar", "reference": "registry/sidecar@sha256:cc"})
	question := fixture.workload([fixture.image("b"), sidecar], [fixture.use({})])
	not serving_image.satisfied with input as question
	serving_image.message == "container sidecar runs registry/sidecar@sha256:cc, which was not scanned for this model" with input as question
}

test_an_image_by_tag_fails_even_where_no_image_was_scanned if {
	tagged := {"container": "predictor", "reference": "registry/predictor:latest", "digest": ""}
	question := fixture.workload([tagged], [fixture.use({"image": ""})])
	not serving_image.satisfied with input as question
	serving_image.message == "container predictor runs registry/predictor:latest, which was not scanned for this model" with input as question
}

# The container that is named is one that breaks this rule.
test_what_was_never_released_is_left_to_the_rule_for_it if {
	unknown := fixture.use({"released": false, "image": ""})
	serving_image.satisfied with input as fixture.workload([fixture.image("b")], [unknown])
	sidecar := object.union(fixture.image("c"), {"container": "sidecar"})
	question := fixture.workload([fixture.image("b"), sidecar], [unknown, fixture.use({})])
	startswith(serving_image.message, "container sidecar runs") with input as question
}

test_a_model_without_containers_fails if not serving_image.satisfied with input as fixture.workload([], [fixture.use({})])

test_silence_serves_nothing if {
	every question in fixture.speechless { not serving_image.satisfied with input as question }
}

test_garbage_serves_nothing if {
	every other in ["garbage", "1e9", "null", "", null] {
		not serving_image.satisfied with input as fixture.uses({"image": other})
		not serving_image.satisfied with input as fixture.workload([object.union(fixture.image("b"), {"digest": other})], [fixture.use({})])
	}
}
