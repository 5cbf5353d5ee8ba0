package model.compliance.automated_decisions_test

import data.fixture
import data.model.compliance.automated_decisions

clean := decided("1", "1", "0", "0", "1")

decided(assessed, basis, alone, safeguard, person) := [
	fixture.number("impact_assessment", assessed), fixture.number("special_category_basis", basis), fixture.number("solely_automated", alone),
	fixture.number("automation_safeguard", safeguard), fixture.number("person_decides", person),
]

asked(measurements) := fixture.measured("compliance", measurements)

instead(others) := asked(fixture.instead(clean, others))

test_a_person_decides if {
	automated_decisions.satisfied with input as asked(clean)
	automated_decisions.satisfied with input as asked(decided("1", "1", "0", "0", "0"))
}

test_a_machine_may_decide_with_a_safeguard if automated_decisions.satisfied with input as asked(decided("1", "1", "1", "1", "0"))

test_a_machine_that_decides_without_one_fails if {
	question := asked(decided("1", "1", "1", "0", "0"))
	not automated_decisions.satisfied with input as question
	automated_decisions.message == "impact assessment named: 1 of 1, article 9(2) letter: 1 of 1, decides by itself: 1, with a safeguard: 0, though a person decides by the card: 0" with input as question
}

test_a_card_that_says_otherwise_fails if not automated_decisions.satisfied with input as asked(decided("1", "1", "1", "1", "1"))

test_assessment_and_basis_are_needed if {
	every alone in ["0", "1"] {
		not automated_decisions.satisfied with input as asked(decided("0", "1", alone, "1", "0"))
		not automated_decisions.satisfied with input as asked(decided("1", "0", alone, "1", "0"))
	}
}

test_nobody_has_said_who_decides if {
	question := instead([fixture.explained("solely_automated", "", "", "nobody has said")])
	not automated_decisions.satisfied with input as question
	contains(automated_decisions.message, "decides by itself: nobody has said,") with input as question
}

test_silence_decides_nothing if {
	every question in [fixture.silent, fixture.digressing] {
		not automated_decisions.satisfied with input as question
		not automated_decisions.message with input as question
	}
}

test_garbage_decides_nothing if {
	every text in fixture.garbage {
		every alone in ["0", "1"] {
			not automated_decisions.satisfied with input as asked(decided(text, "1", alone, "1", "0"))
			not automated_decisions.satisfied with input as asked(decided("1", text, alone, "1", "0"))
		}
		not automated_decisions.satisfied with input as asked(decided("1", "1", text, "1", "0"))
		not automated_decisions.satisfied with input as asked(decided("1", "1", "1", text, "0"))
		not automated_decisions.satisfied with input as asked(decided("1", "1", "1", "1", text))
	}
}
