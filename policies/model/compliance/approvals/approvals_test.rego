package model.compliance.approvals_test

import data.fixture
import data.model.compliance.approvals

approved(people, roles, invalid) := fixture.measured("compliance", [
	fixture.number("approvals", people),
	fixture.number("approval_roles", roles),
	fixture.number("approvals_invalid", invalid),
])

test_enough_people_in_enough_roles_satisfy if approvals.satisfied with input as approved("3", "3", "0")

test_one_person_fewer_fails if {
	question := approved("2", "2", "0")
	not approvals.satisfied with input as question
	approvals.message == "2 people in 2 roles have approved, limit 3 people in 3 roles; 0 approvals do not count" with input as question
}

test_three_people_of_one_role_fail if not approvals.satisfied with input as approved("3", "1", "0")

test_an_invalid_approval_spoils_the_others if {
	question := approved("4", "4", "1")
	not approvals.satisfied with input as question
	endswith(approvals.message, "; 1 approvals do not count") with input as question
}

test_development_asks_for_one if {
	approvals.satisfied with input as fixture.in_profile(approved("1", "1", "0"), "development")
}

test_silence_approves_nothing if {
	every question in [fixture.silent, fixture.digressing] {
		not approvals.satisfied with input as question
		not approvals.message with input as question
	}
}

test_garbage_approves_nothing if {
	every text in fixture.garbage {
		not approvals.satisfied with input as approved(text, "3", "0")
		not approvals.satisfied with input as approved("3", text, "0")
		not approvals.satisfied with input as approved("3", "3", text)
	}
}
