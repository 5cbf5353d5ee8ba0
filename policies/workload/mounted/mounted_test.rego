package workload.mounted_test

import data.fixture
import data.workload.mounted

test_an_image_volume_satisfies if mounted.satisfied with input as fixture.uses({})

test_a_workload_without_a_model_satisfies if mounted.satisfied with input as fixture.workload([], [])

test_another_way_fails if {
	question := fixture.uses({"how": "environment", "where": "spec.containers[0].env[1]", "reference": "s3://models/x"})
	not mounted.satisfied with input as question
	mounted.message == "spec.containers[0].env[1] reaches a model by environment (\"s3://models/x\")" with input as question
}

test_silence_mounts_nothing if {
	every question in fixture.speechless { not mounted.satisfied with input as question }
}

test_garbage_mounts_nothing if {
	every other in ["garbage", "1e9", "null", "", null, ["image_volume"]] { not mounted.satisfied with input as fixture.uses({"how": other}) }
}
