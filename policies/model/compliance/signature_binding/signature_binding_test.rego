package model.compliance.signature_binding_test

import data.fixture
import data.model.compliance.signature_binding

signed(text) := fixture.measured("compliance", [fixture.number("approvals_void", text)])

test_none_satisfies if signature_binding.satisfied with input as signed("0")

test_one_fails if {
	question := signed("1")
	not signature_binding.satisfied with input as question
	signature_binding.message == "1 people signed this change as it was before its last push, limit 0" with input as question
}

test_silence_fails if {
	every question in [fixture.silent, fixture.digressing] {
		not signature_binding.satisfied with input as question
		not signature_binding.message with input as question
	}
}

test_garbage_fails if {
	every text in fixture.garbage {
		not signature_binding.satisfied with input as signed(text)
	}
}
