package change.order_test

import data.change.order
import data.fixture

promoted(first, release, admitted) := {
	"environment": "staging", "profile": "staging", "time": fixture.now,
	"change": {"model": "breast-malignancy", "release": release, "first": first, "after": ["development"], "admitted": admitted},
}

test_the_first_environment_takes_any_candidate if order.satisfied with input as promoted(true, "", false)

test_a_release_that_serves_before_satisfies if order.satisfied with input as promoted(false, fixture.digest("a"), true)

test_a_release_that_does_not_serve_before_fails if {
	question := promoted(false, "sha256:ab", false)
	not order.satisfied with input as question
	order.message == "sha256:ab has not served in each of development, from where it has to come" with input as question
}

test_a_candidate_cannot_skip_the_first_environment if {
	question := promoted(false, "", true)
	not order.satisfied with input as question
	order.message == "the candidate (no release is pinned) has not served in each of development, from where it has to come" with input as question
}

rolled(back, release) := object.union(promoted(false, release, false), {"change": {"rollback": back}})

test_the_way_back_is_open if {
	order.satisfied with input as rolled(true, fixture.digest("a"))
	not order.satisfied with input as rolled(false, fixture.digest("a"))
	not order.satisfied with input as rolled(true, "")
}

test_silence_promotes_nothing if {
	not order.satisfied with input as {"change": {}}
	not order.satisfied with input as {}
}

test_garbage_promotes_nothing if {
	every other in ["garbage", "1e9", "null", "true", 1, null, {}] {
		not order.satisfied with input as promoted(other, fixture.digest("a"), other)
		not order.satisfied with input as rolled(other, fixture.digest("a"))
	}
}
