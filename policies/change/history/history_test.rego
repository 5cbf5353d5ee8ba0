package change.history_test

import data.change.history
import data.fixture

watched(whole, edited) := {
	"environment": "production", "profile": "production", "time": fixture.now,
	"change": {"model": "breast-malignancy", "release": fixture.digest("a"), "whole": whole, "edited": edited},
}

test_branches_that_keep_their_past_satisfy if history.satisfied with input as watched(true, [])

test_a_branch_that_lost_it_is_named if {
	question := watched(false, ["branch main was edited", "branch env/production is gone"])
	not history.satisfied with input as question
	history.message == "branch main was edited; branch env/production is gone" with input as question
}

test_silence_keeps_no_past if {
	not history.satisfied with input as {"change": {}}
	not history.satisfied with input as {}
	not history.message with input as {"change": {}}
}

test_garbage_keeps_no_past if {
	every other in ["garbage", "1e9", "null", "true", 1, null, {}] { not history.satisfied with input as watched(other, []) }
}
