package change.soak_test

import data.change.soak
import data.fixture

soaked(wanted, soaks) := {
	"environment": "production", "profile": "production", "time": fixture.now,
	"change": {
		"model": "breast-malignancy", "release": fixture.digest("a"), "first": false, "after": ["staging", "canary"],
		"admitted": true, "holds": false, "rollback": false, "soak": wanted, "soaks": soaks,
	},
}

in_both(staging, canary) := [{"environment": "staging", "healthy": staging}, {"environment": "canary", "healthy": canary}]

but(question, change) := object.union(question, {"change": change})

test_who_asks_for_no_soak_gets_none if soak.satisfied with input as soaked("0", [])

test_long_enough_in_each_satisfies if soak.satisfied with input as soaked("259200", in_both("259200", "300000"))

test_a_second_less_in_one_fails if {
	question := soaked("259200", in_both("259200", "259199"))
	not soak.satisfied with input as question
	soak.message == "breast-malignancy has to serve healthily for 259200 s first, and has: in staging 259200 s, in canary 259199 s" with input as question
}

test_what_nobody_watched_has_not_soaked if {
	every soaks in [in_both("259200", ""), [{"environment": "staging", "healthy": "259200"}]] {
		question := soaked("259200", soaks)
		not soak.satisfied with input as question
		soak.message == "breast-malignancy has to serve healthily for 259200 s first, and has: in staging 259200 s, in canary nobody knows how long" with input as question
	}
}

test_two_that_contradict_each_other_are_none if {
	twice := array.concat(in_both("259200", "259200"), [{"environment": "canary", "healthy": "0"}])
	not soak.satisfied with input as soaked("259200", twice)
}

test_the_first_environment_comes_after_nothing if soak.satisfied with input as but(soaked("259200", []), {"first": true})

test_what_is_here_already_stays if soak.satisfied with input as but(soaked("259200", []), {"holds": true})

test_the_way_back_waits_for_nothing if soak.satisfied with input as but(soaked("259200", []), {"rollback": true})

test_nothing_before_is_no_soak if not soak.satisfied with input as but(soaked("259200", []), {"after": []})

test_silence_soaks_nothing if {
	not soak.satisfied with input as {"change": {}}
	not soak.satisfied with input as {}
	not soak.message with input as {"change": {}}
}

test_garbage_soaks_nothing if {
	every other in ["garbage", "1e9", "null", "true", "", null, {}] {
		not soak.satisfied with input as soaked(other, in_both("259200", "259200"))
		not soak.satisfied with input as soaked("259200", in_both(other, other))
		not soak.satisfied with input as but(soaked("259200", []), {"first": other, "holds": other, "rollback": other})
	}
}
