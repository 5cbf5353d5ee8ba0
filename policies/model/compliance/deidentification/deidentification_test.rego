package model.compliance.deidentification_test

import data.fixture
import data.model.compliance.deidentification

method(text) := fixture.measured("compliance", [fixture.number("deidentification", text)])

test_a_recognised_method_satisfies if deidentification.satisfied with input as method("1")

test_no_method_fails if {
	not deidentification.satisfied with input as method("0")
	deidentification.message == "dataset.yaml names no recognised method of de-identification" with input as method("0")
}

test_silence_is_no_method if {
	every question in [fixture.silent, fixture.digressing] {
		not deidentification.satisfied with input as question
		not deidentification.message with input as question
	}
}

test_garbage_is_no_method if {
	every text in fixture.garbage { not deidentification.satisfied with input as method(text) }
}
