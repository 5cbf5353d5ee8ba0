package change.quarantine_test

import data.change.quarantine
import data.fixture

order := {"name": "recall-7", "digest": "sha256:ab", "reason": "wrong for children", "by": "ruiz@example.org"}

promoted(clear, orders) := {
	"environment": "staging", "profile": "staging", "time": fixture.now,
	"change": {"model": "breast-malignancy", "release": "", "first": true, "after": "", "admitted": false, "clear": clear, "quarantines": orders},
}

test_what_no_quarantine_names_satisfies if quarantine.satisfied with input as promoted(true, [])

test_what_is_under_quarantine_fails_and_says_why if {
	question := promoted(false, [order])
	not quarantine.satisfied with input as question
	quarantine.message == "sha256:ab is under quarantine recall-7 (ruiz@example.org): wrong for children" with input as question
}

test_an_order_may_have_no_name_under_it if {
	question := promoted(false, [object.union(order, {"by": ""})])
	quarantine.message == "sha256:ab is under quarantine recall-7 (nobody says by whom): wrong for children" with input as question
}

test_silence_clears_nothing if {
	not quarantine.satisfied with input as {"change": {}}
	not quarantine.satisfied with input as {}
}

test_garbage_clears_nothing if {
	every other in ["garbage", "1e9", "null", "true", 1, null, {}] { not quarantine.satisfied with input as promoted(other, []) }
}
