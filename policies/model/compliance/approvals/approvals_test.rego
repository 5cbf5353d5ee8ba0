package model.compliance.approvals_test

import data.fixture
import data.model.compliance.approvals

approved(people, roles) := fixture.measured("compliance", [
	fixture.number("approvals", people),
	fixture.number("approval_roles", roles),
])

of_risk(question, class) := fixture.with_facts(question, {"riskClass": class})

test_enough_people_in_enough_roles_satisfy if {
	every class in ["low", "moderate"] {
		approvals.satisfied with input as of_risk(approved("3", "3"), class)
	}
}

test_one_person_fewer_fails if {
	question := approved("2", "2")
	not approvals.satisfied with input as question
	approvals.message == "2 people in 2 roles have approved this content, limit 3 people in 3 roles" with input as question
}

test_three_people_of_one_role_fail if not approvals.satisfied with input as approved("3", "1")

test_what_can_harm_most_needs_a_fourth if {
	not approvals.satisfied with input as of_risk(approved("3", "4"), "high")
	not approvals.satisfied with input as of_risk(approved("4", "3"), "high")
	approvals.satisfied with input as of_risk(approved("4", "4"), "high")
}

test_a_class_that_is_none_fails if {
	not approvals.satisfied with input as of_risk(approved("5", "5"), "none")
}

test_development_asks_for_one if {
	every class in ["low", "moderate", "high"] {
		approvals.satisfied with input as fixture.in_profile(of_risk(approved("1", "1"), class), "development")
	}
}

test_silence_approves_nothing if {
	every question in [fixture.silent, fixture.digressing] {
		not approvals.satisfied with input as question
		not approvals.message with input as question
	}
}

test_garbage_approves_nothing if {
	every text in fixture.garbage {
		not approvals.satisfied with input as approved(text, "3")
		not approvals.satisfied with input as approved("3", text)
	}
}
