package change.freeze_test

import data.change.freeze
import data.fixture

weekend := {"name": "weekends", "reason": "nobody is there", "by": "ruiz@example.org"}

promoted(different) := {
	"environment": "staging", "profile": "staging", "time": fixture.now,
	"change": object.union(
		{
			"model": "breast-malignancy", "release": "", "holds": false, "rollback": false, "thawed": false,
			"freezes": [weekend], "opens": "2026-11-30T05:00:00Z",
		},
		different,
	),
}

test_an_open_environment_takes_what_is_new if freeze.satisfied with input as promoted({"thawed": true, "freezes": [], "opens": ""})

test_a_frozen_one_does_not_and_says_until_when if {
	not freeze.satisfied with input as promoted({})
	told := "staging is frozen by weekends (ruiz@example.org) until 2026-11-30T05:00:00Z: nobody is there"
	freeze.message == told with input as promoted({})
}

test_what_is_there_stays_and_what_was_comes_back if {
	freeze.satisfied with input as promoted({"holds": true})
	freeze.satisfied with input as promoted({"rollback": true})
}

test_silence_thaws_nothing if {
	not freeze.satisfied with input as {"change": {}}
	not freeze.satisfied with input as {}
	not freeze.message with input as {"change": {}}
}

test_garbage_thaws_nothing if {
	every other in ["garbage", "1e9", "null", "true", 1, null, {}] {
		every field in ["thawed", "holds", "rollback"] { not freeze.satisfied with input as promoted({field: other}) }
	}
}
