package workload.freeze_test

import data.fixture
import data.workload.freeze

stop := {"name": "stop", "reason": "the ward moves", "by": ""}

under(workload, freezes) := object.union(workload, {"workload": {"freezes": freezes, "opens": ""}})

test_what_no_freeze_keeps_out_satisfies if freeze.satisfied with input as fixture.uses({})

test_a_workload_without_a_model_satisfies if {
	freeze.satisfied with input as fixture.workload([fixture.image("b")], [])
	freeze.satisfied with input as under(fixture.workload([], []), [stop])
}

test_what_was_here_before_satisfies if freeze.satisfied with input as under(fixture.uses({}), [stop])

test_what_is_new_fails_and_says_why if {
	question := under(fixture.uses({"thawed": false}), [stop])
	not freeze.satisfied with input as question
	told := "spec.volumes[0].image brings %s, which is new here, and production is frozen by stop (nobody says by whom) until somebody lifts it: the ward moves"
	freeze.message == sprintf(told, [fixture.digest("a")]) with input as question
}

test_what_nobody_looked_up_is_not_thawed if {
	not freeze.satisfied with input as fixture.workload([], [json.remove(fixture.use({}), ["thawed"])])
	not freeze.message with input as fixture.workload([], [json.remove(fixture.use({}), ["thawed"])])
}

test_silence_thaws_nothing if {
	every question in fixture.speechless { not freeze.satisfied with input as question }
}

test_garbage_thaws_nothing if {
	every other in ["garbage", "1e9", "null", "true", 1, null, ""] { not freeze.satisfied with input as fixture.uses({"thawed": other}) }
}
