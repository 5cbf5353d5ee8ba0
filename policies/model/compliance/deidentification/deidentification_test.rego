package model.compliance.deidentification_test

import data.fixture
import data.model.compliance.deidentification

contract := fixture.digest("c")

# scanned asks about data of which both gates have spoken.
scanned(method, columns) := object.union(
	fixture.asked({
		"compliance": [fixture.about("deidentification", method, "1")],
		"dataset": [fixture.number("phi_columns", columns)],
	}),
	{"model": {"inputs": {"dataset": {"contract": contract}, "compliance": {"contract": contract}}}},
)

test_safe_harbor_holds_for_data_without_identifiers if {
	deidentification.satisfied with input as scanned("safe_harbor", "0")
}

test_safe_harbor_fails_where_an_identifier_was_found if {
	question := scanned("safe_harbor", "2")
	not deidentification.satisfied with input as question
	deidentification.message == "safe harbour is claimed, and 2 columns hold identifiers" with input as question
}

test_a_scan_of_other_data_proves_nothing if {
	question := object.union(scanned("safe_harbor", "0"), {"model": {"inputs": {"dataset": {"contract": fixture.digest("d")}}}})
	not deidentification.satisfied with input as question
	deidentification.message == "safe harbour is claimed for other data than was scanned for identifiers" with input as question
}

test_what_nobody_knows_is_not_the_same_data if {
	question := json.remove(scanned("safe_harbor", "0"), ["/model/inputs"])
	not deidentification.satisfied with input as question
	not deidentification.message with input as question
}

determined(report, expires) := fixture.measured("compliance", [
	fixture.about("deidentification", "expert_determination", "1"),
	fixture.number("expert_report", report),
	fixture.number("expert_expires", expires),
])

test_an_expert_s_report_satisfies_while_it_holds if {
	deidentification.satisfied with input as determined("1", fixture.next_year)
	not deidentification.satisfied with input as determined("1", fixture.now)
}

test_an_expert_without_a_report_fails if {
	question := determined("0", fixture.an_hour_ago)
	not deidentification.satisfied with input as determined("0", fixture.next_year)
	not deidentification.satisfied with input as question
	deidentification.message == "report of the expert by digest: 0 of 1, its determination ends 2026-11-23T11:00:00Z" with input as question
}

limited(agreement) := fixture.measured("compliance", [
	fixture.about("deidentification", "limited_dataset", "1"),
	fixture.number("data_use_agreement", agreement),
])

test_a_limited_data_set_needs_an_agreement if {
	deidentification.satisfied with input as limited("1")
	not deidentification.satisfied with input as limited("0")
	deidentification.message == "a limited data set is used without an agreement" with input as limited("0")
}

claims(methods, value) := fixture.measured("compliance", [fixture.about("deidentification", method, value) | some method in methods])

test_another_method_is_none if {
	not deidentification.satisfied with input as claims(["pseudonyms"], "0")
	deidentification.message == "\"pseudonyms\" is no recognised method of de-identification" with input as claims(["pseudonyms"], "0")
}

test_two_methods_are_none if {
	question := object.union(limited("1"), {"model": {"named": {"compliance": {"deidentification": claims(["safe_harbor", "limited_dataset"], "1").model.named.compliance.deidentification}}}})
	not deidentification.satisfied with input as question
}

test_silence_is_no_method if {
	every question in [fixture.silent, fixture.digressing] {
		not deidentification.satisfied with input as question
		not deidentification.message with input as question
	}
}

test_garbage_is_no_method if {
	every text in fixture.garbage {
		not deidentification.satisfied with input as scanned("safe_harbor", text)
		not deidentification.satisfied with input as claims(["limited_dataset"], text)
		not deidentification.satisfied with input as determined(text, fixture.next_year)
		not deidentification.satisfied with input as determined("1", text)
		not deidentification.satisfied with input as limited(text)
	}
}
