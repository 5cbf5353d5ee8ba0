package change.roles_test

import data.change.roles
import data.fixture

asked(required, approved) := {
	"environment": "production", "profile": "production", "time": fixture.now,
	"change": {"model": "breast-malignancy", "release": fixture.digest("a"), "required": required, "approved": approved},
}

test_who_asks_for_no_role_needs_none if {
	roles.satisfied with input as asked([], [])
	roles.satisfied with input as asked([], ["clinical"])
}

test_every_role_has_approved if roles.satisfied with input as asked(["clinical", "quality"], ["quality", "security", "clinical"])

test_a_role_that_has_not_is_named if {
	question := asked(["clinical", "quality", "security"], ["clinical"])
	not roles.satisfied with input as question
	roles.message == "nobody has approved as quality, security" with input as question
}

test_nobody_approves_in_silence if {
	not roles.satisfied with input as {"change": {}}
	not roles.satisfied with input as {}
	not roles.satisfied with input as {"change": {"required": []}}
	not roles.satisfied with input as {"change": {"approved": ["clinical"]}}
	not roles.message with input as {"change": {}}
}

test_garbage_is_no_approval if {
	every other in ["garbage", "clinical", "true", 1, null, {}, {"clinical": true}] {
		not roles.satisfied with input as asked(["clinical"], other)
		not roles.satisfied with input as asked(other, ["clinical"])
	}
}
