package model.compliance.risk_file_test

import data.fixture
import data.model.compliance.risk_file

clean := [
	fixture.number("risks", "1"), fixture.number("risk_fields_missing", "0"),
	fixture.number("risk_pointers", "1"), fixture.about("risk_pointer", "risks[0].evidence[0]|performance.auroc||0.9|", "1"),
	fixture.number("acceptance_fields_missing", "0"), fixture.about("acceptance_role", "quality", "1"),
	fixture.number("acceptance_by_one_of_the_people", "1"), fixture.number("acceptance_date", fixture.an_hour_ago),
]

auroc := fixture.interval("auroc", "0.91", "0.94", "0.97")

asked(measurements) := fixture.asked({"performance": [auroc], "compliance": measurements})

instead(others) := asked(fixture.instead(clean, others))

test_a_risk_that_is_mitigated_and_accepted_satisfies if {
	risk_file.satisfied with input as asked(clean)
	risk_file.satisfied with input as instead([fixture.about("acceptance_role", "clinical", "1"), fixture.number("acceptance_date", fixture.now)])
}

test_a_file_without_risks_fails if not risk_file.satisfied with input as instead([fixture.number("risks", "0")])

test_a_hazard_that_says_nothing_fails_and_is_named if {
	question := instead([fixture.number("risk_fields_missing", "1"), fixture.about("risk_field_missing", "risks[0].hazard", "1")])
	not risk_file.satisfied with input as question
	risk_file.message == `1 risks, 1 fields of them say nothing (risks[0].hazard); accepted on 2026-11-23T11:00:00Z in the role "quality", by one of the people: 1 of 1, fields that say nothing: 0` with input as question
}

test_a_mitigation_that_is_not_measured_fails if {
	question := instead([fixture.about("risk_pointer", "risks[0].evidence[0]|performance.weather|||", "1")])
	not risk_file.satisfied with input as question
	endswith(risk_file.message, "; risks[0].evidence[0]: performance.weather is not measured") with input as question
}

test_a_pointer_that_was_left_out_is_missed if not risk_file.satisfied with input as instead([fixture.number("risk_pointers", "2")])

test_a_risk_that_nobody_may_accept_fails if {
	every question in [
		instead([fixture.about("acceptance_role", "model_owner", "1")]),
		instead([fixture.about("acceptance_role", "quality", "0")]),
		instead([fixture.number("acceptance_by_one_of_the_people", "0")]),
		instead([fixture.number("acceptance_fields_missing", "1")]),
		instead([fixture.number("acceptance_date", "1795435201")]),
	] {
		not risk_file.satisfied with input as question
		risk_file.message with input as question
	}
}

test_silence_is_no_risk_file if {
	every question in [fixture.silent, fixture.digressing] {
		not risk_file.satisfied with input as question
		not risk_file.message with input as question
	}
}

# Each measurement is needed, alone and readable.
test_whatever_is_missing_or_garbage_is_no_risk_file if {
	every m in clean {
		not risk_file.satisfied with input as asked([other | some other in clean; other != m])
		not risk_file.satisfied with input as asked(array.concat(clean, [m]))
		every text in fixture.garbage { not risk_file.satisfied with input as instead([fixture.about(m.name, m.group, text)]) }
	}
}
