package model.security.secrets_test

import data.fixture
import data.model.security.secrets

found(text, places) := fixture.measured("security", array.concat(
	[fixture.number("secrets", text)],
	[fixture.about("secret", place, "1") | some place in places],
))

test_no_secret_satisfies if secrets.satisfied with input as found("0", [])

test_a_secret_fails_and_its_place_is_named if {
	question := found("1", ["model/config.json:3 aws-access-key-id"])
	not secrets.satisfied with input as question
	secrets.message == "1 secrets found: model/config.json:3 aws-access-key-id" with input as question
}

test_silence_may_hide_a_secret if {
	every question in [fixture.silent, fixture.digressing] { not secrets.satisfied with input as question }
}

test_garbage_may_hide_a_secret if {
	every text in fixture.garbage { not secrets.satisfied with input as found(text, []) }
}
