package workload.storage_test

import data.fixture
import data.workload.storage

test_a_workload_without_storage_satisfies if storage.satisfied with input as fixture.uses({})

test_storage_that_the_operator_named_satisfies if {
	storage.satisfied with input as fixture.mounts([fixture.volume({}), fixture.volume({"kind": "hostPath"})])
}

test_other_storage_fails_and_is_named if {
	question := fixture.mounts([fixture.volume({}), fixture.volume({"allowed": false, "where": "spec.volumes[1]"})])
	not storage.satisfied with input as question
	storage.message == "spec.volumes[1] is a volume of kind persistentVolumeClaim (\"reports\"), which may hold a model" with input as question
}

test_silence_mounts_nothing if {
	every question in [{}, {"workload": {}}] { not storage.satisfied with input as question }
	every other in ["garbage", null, {}] { not storage.satisfied with input as fixture.mounts(other) }
}

test_garbage_mounts_nothing if {
	every other in ["garbage", "1e9", "null", "true", 1, null] {
		not storage.satisfied with input as fixture.mounts([fixture.volume({"allowed": other})])
	}
}
