package model.compliance.signature_meaning_test

import data.fixture
import data.model.compliance.signature_meaning

signed(text) := fixture.measured("compliance", [fixture.number("signatures_incomplete", text)])

test_none_satisfies if signature_meaning.satisfied with input as signed("0")

test_one_fails if {
	question := signed("1")
	not signature_meaning.satisfied with input as question
	signature_meaning.message == "1 signatures lack the printed name, the time or the meaning, limit 0" with input as question
}

test_silence_fails if {
	every question in [fixture.silent, fixture.digressing] {
		not signature_meaning.satisfied with input as question
		not signature_meaning.message with input as question
	}
}

test_garbage_fails if {
	every text in fixture.garbage {
		not signature_meaning.satisfied with input as signed(text)
	}
}
