package model.compliance.audit_log_test

import data.fixture
import data.model.compliance.audit_log

rehearsed(key) := fixture.measured("compliance", [fixture.number("audit_log_key", key), fixture.number("audit_log_written", "0")])

entered(key, being_written, signed) := fixture.measured("compliance", [
	fixture.number("audit_log_key", key),
	fixture.number("audit_log_written", being_written),
	fixture.number("audit_log_signed", signed),
])

test_a_key_and_its_checkpoint_satisfy if audit_log.satisfied with input as entered("1", "1", "1")

test_in_a_rehearsal_the_key_satisfies if audit_log.satisfied with input as rehearsed("1")

test_no_key_fails if {
	every question in [rehearsed("0"), entered("0", "1", "0")] {
		not audit_log.satisfied with input as question
		audit_log.message == "assay.yaml names no key of an audit log: none" with input as question
	}
}

test_a_log_of_another_key_fails if {
	question := entered("1", "1", "0")
	not audit_log.satisfied with input as question
	audit_log.message == "the log that is being written is not the declared one: not signed" with input as question
}

test_a_log_that_is_written_shows_a_checkpoint if {
	question := fixture.measured("compliance", [fixture.number("audit_log_key", "1"), fixture.number("audit_log_written", "1")])
	not audit_log.satisfied with input as question
}

test_silence_logs_nothing if {
	every question in [fixture.silent, fixture.digressing] {
		not audit_log.satisfied with input as question
		not audit_log.message with input as question
	}
}

test_garbage_logs_nothing if {
	every text in fixture.garbage {
		not audit_log.satisfied with input as rehearsed(text)
		not audit_log.satisfied with input as entered("1", text, "1")
		not audit_log.satisfied with input as entered("1", "1", text)
	}
}
