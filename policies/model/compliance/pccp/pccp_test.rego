package model.compliance.pccp_test

import data.fixture
import data.model.compliance.pccp

uncleared := [fixture.number("cleared", "0"), fixture.number("clearance_reason", "1"), fixture.number("clearance_claimed", "0")]

clean := [
	fixture.number("cleared", "1"), fixture.number("clearance_submission", "1"), fixture.number("modification_impact", "1"),
	fixture.number("modifications", "1"), fixture.number("modifications_outside", "0"), fixture.about("modification", "feature area added", "1"),
	fixture.number("protocol_criteria", "1"), fixture.number("protocol_criteria_unlimited", "0"),
	fixture.about("protocol_pointer", "modifications.protocol[0]|performance.auroc||0.9|", "1"),
]

auroc := fixture.interval("auroc", "0.91", "0.94", "0.97")

asked(measurements) := fixture.asked({"performance": [auroc], "compliance": measurements})

instead(others) := asked(fixture.instead(clean, others))

test_what_nobody_cleared_and_says_so_satisfies if pccp.satisfied with input as asked(uncleared)

test_what_nobody_cleared_claims_nothing if {
	question := asked(fixture.instead(uncleared, [fixture.number("clearance_claimed", "1")]))
	not pccp.satisfied with input as question
	pccp.message == "nothing is on record as cleared; reason why: 1 of 1, clearance that the card claims all the same: 1" with input as question
	not pccp.satisfied with input as asked(fixture.instead(uncleared, [fixture.number("clearance_reason", "0")]))
}

test_a_modification_within_the_plan_satisfies if {
	pccp.satisfied with input as asked(clean)
	same := [m | some m in fixture.instead(clean, [fixture.number("modifications", "0")]); m.name != "modification"]
	pccp.satisfied with input as asked(same)
}

test_a_modification_outside_requires_a_new_submission if {
	question := instead([
		fixture.number("modifications", "3"), fixture.number("modifications_outside", "2"),
		fixture.about("modification", "purpose prognosis instead of detection", "0"),
		fixture.about("modification", "feature area added", "1"), fixture.about("modification", "feature race added", "0"),
	])
	not pccp.satisfied with input as question
	pccp.message == "requires a new submission: feature race added; purpose prognosis instead of detection" with input as question
}

# What is said of all and what is said of one must agree.
test_a_modification_that_is_hidden_fails if {
	not pccp.satisfied with input as instead([fixture.about("modification", "feature race added", "0")])
	not pccp.satisfied with input as instead([fixture.number("modifications", "2")])
	not pccp.satisfied with input as instead([fixture.number("modifications_outside", "1")])
}

test_a_criterion_that_is_not_met_fails if {
	question := instead([fixture.about("protocol_pointer", "modifications.protocol[0]|performance.auroc||0.95|", "1")])
	not pccp.satisfied with input as question
	pccp.message == "1 differences lie within the plan; submission named: 1 of 1, impact said: 1 of 1, acceptance criteria: 1, 0 of them without a limit; modifications.protocol[0]: performance.auroc may be as low as 0.91, below 0.95" with input as question
}

test_the_plan_is_whole if {
	every m in [
		fixture.number("clearance_submission", "0"), fixture.number("modification_impact", "0"),
		fixture.number("protocol_criteria", "0"), fixture.number("protocol_criteria", "2"), fixture.number("protocol_criteria_unlimited", "1"),
	] {
		not pccp.satisfied with input as instead([m])
		pccp.message with input as instead([m])
	}
}

test_missing_or_garbage_of_what_nobody_cleared_is_not_believed if {
	every m in uncleared {
		not pccp.satisfied with input as asked([other | some other in uncleared; other != m])
		every text in fixture.garbage { not pccp.satisfied with input as asked(fixture.instead(uncleared, [fixture.number(m.name, text)])) }
	}
}

test_silence_is_no_plan if {
	every question in [fixture.silent, fixture.digressing] {
		not pccp.satisfied with input as question
		not pccp.message with input as question
	}
}

# Each measurement is needed, alone and readable.
test_whatever_is_missing_or_garbage_is_no_plan if {
	every m in clean {
		not pccp.satisfied with input as asked([other | some other in clean; other != m])
		not pccp.satisfied with input as asked(array.concat(clean, [m]))
		every text in fixture.garbage { not pccp.satisfied with input as instead([fixture.about(m.name, m.group, text)]) }
	}
}
