package model.compliance.registration_test

import data.fixture
import data.model.compliance.registration

study(given, id, version, reason) := fixture.measured("compliance", [
	fixture.number("registration_given", given), fixture.number("registration_id", id),
	fixture.number("registration_version", version), fixture.number("registration_reason", reason),
])

test_a_study_that_is_registered_satisfies if registration.satisfied with input as study("1", "1", "1", "0")

test_a_reason_why_there_is_none_satisfies if registration.satisfied with input as study("0", "0", "0", "1")

test_an_id_of_no_registry_fails_whatever_the_reason if {
	question := study("1", "0", "1", "1")
	not registration.satisfied with input as question
	registration.message == "id given: 1 of 1, of a known registry: 0 of 1, with a version of the protocol: 1 of 1; reason why there is none: 1 of 1" with input as question
}

test_an_id_without_a_version_fails if not registration.satisfied with input as study("1", "1", "0", "1")

test_neither_id_nor_reason_fails if not registration.satisfied with input as study("0", "1", "1", "0")

test_silence_registers_nothing if {
	every question in [fixture.silent, fixture.digressing] {
		not registration.satisfied with input as question
		not registration.message with input as question
	}
}

test_garbage_registers_nothing if {
	every text in fixture.garbage {
		not registration.satisfied with input as study(text, "1", "1", "1")
		not registration.satisfied with input as study("1", text, "1", "1")
		not registration.satisfied with input as study("1", "1", text, "1")
		not registration.satisfied with input as study("0", "1", "1", text)
	}
}
