package model.security.model_contents_test

import data.fixture
import data.model.security.model_contents

found(text, things) := fixture.measured("security", array.concat(
	[fixture.number("model_file_findings", text)],
	[fixture.explained("model_file_finding", thing, "1", "at byte 35") | some thing in things],
))

test_nothing_found_satisfies if model_contents.satisfied with input as found("0", [])

test_an_import_fails_and_is_named if {
	question := found("2", ["model.pkl: imports posix.system", "model.pkl: calls posix.system"])
	not model_contents.satisfied with input as question
	model_contents.message == "2 things in the model's files: model.pkl: calls posix.system (at byte 35); model.pkl: imports posix.system (at byte 35)" with input as question
}

test_silence_may_hide_something if {
	every question in [fixture.silent, fixture.digressing] { not model_contents.satisfied with input as question }
}

test_garbage_may_hide_something if {
	every text in fixture.garbage { not model_contents.satisfied with input as found(text, []) }
}
