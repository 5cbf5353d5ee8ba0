package model.compliance.signers_unique_test

import data.fixture
import data.model.compliance.signers_unique

signed(unfit, withdrawn) := fixture.measured("compliance", [
	fixture.number("signers_unfit", unfit),
	fixture.number("signatures_withdrawn", withdrawn),
])

test_everybody_for_themselves_satisfies if signers_unique.satisfied with input as signed("0", "0")

test_two_who_share_a_key_fail if {
	question := signed("1", "0")
	not signers_unique.satisfied with input as question
	signers_unique.message == "1 people cannot sign for themselves alone and 0 signed with a key that was revoked, limit 0 of both" with input as question
}

test_a_revoked_key_fails if not signers_unique.satisfied with input as signed("0", "1")

test_silence_fails if {
	every question in [fixture.silent, fixture.digressing] {
		not signers_unique.satisfied with input as question
		not signers_unique.message with input as question
	}
}

test_garbage_fails if {
	every text in fixture.garbage {
		not signers_unique.satisfied with input as signed(text, "0")
		not signers_unique.satisfied with input as signed("0", text)
	}
}
