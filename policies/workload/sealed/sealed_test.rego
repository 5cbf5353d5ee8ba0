package workload.sealed_test

import data.fixture
import data.workload.sealed

doing(operation, question) := object.union(question, {"workload": {"operation": operation}})

test_objects_that_are_judged_whole_satisfy if {
	every operation in ["create", "update", "scale"] {
		sealed.satisfied with input as doing(operation, fixture.uses({}))
		sealed.satisfied with input as doing(operation, fixture.workload([], []))
	}
}

test_a_pod_without_a_model_may_be_connected_to if {
	sealed.satisfied with input as doing("connect", fixture.workload([fixture.image("b")], []))
}

test_a_pod_with_a_model_is_sealed if {
	question := doing("connect", fixture.uses({}))
	not sealed.satisfied with input as question
	sealed.message == "Pod predictor serves breast-malignancy: nobody may connect to it" with input as question
}

test_another_operation_fails_and_is_named if {
	question := doing("proxy", fixture.uses({}))
	not sealed.satisfied with input as question
	sealed.message == "\"proxy\" is not known of what may be done with a workload" with input as question
}

test_silence_seals if {
	every question in fixture.speechless {
		not sealed.satisfied with input as question
		every operation in ["create", "update", "scale", "connect"] {
			not sealed.satisfied with input as doing(operation, question)
		}
	}
}

test_garbage_seals if {
	every other in ["garbage", "1e9", "null", "", null, "CONNECT", ["create"]] {
		not sealed.satisfied with input as doing(other, fixture.uses({}))
		not sealed.satisfied with input as doing(other, fixture.workload([], []))
	}
}
