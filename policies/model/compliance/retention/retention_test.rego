package model.compliance.retention_test

import data.fixture
import data.model.compliance.retention

kept(years, immutable, laws) := fixture.measured("compliance", array.concat(
	[
		fixture.number("retention_years", years),
		fixture.number("retention_immutable", immutable),
		fixture.number("retention_laws", sprintf("%d", [count(laws)])),
	],
	[fixture.about("retention_law", law, "1") | some law in laws],
))

test_the_years_of_each_law_satisfy if {
	retention.satisfied with input as kept("6", "1", ["hipaa"])
	retention.satisfied with input as kept("2", "1", ["fda_ind"])
	retention.satisfied with input as kept("10", "1", ["ai_act"])
	retention.satisfied with input as kept("25", "1", ["trial"])
}

test_a_year_less_fails if {
	not retention.satisfied with input as kept("5", "1", ["hipaa"])
	not retention.satisfied with input as kept("1", "1", ["fda_ind"])
	not retention.satisfied with input as kept("9", "1", ["ai_act"])
	not retention.satisfied with input as kept("24", "1", ["trial"])
}

test_the_longest_law_counts if {
	retention.satisfied with input as kept("10", "1", ["ai_act", "hipaa"])
	question := kept("9", "1", ["ai_act", "hipaa"])
	not retention.satisfied with input as question
	retention.message == "evidence is kept for 9 years, limit 10 years (ai_act, hipaa); immutable: 1 of 1" with input as question
}

test_what_can_be_changed_is_not_kept if {
	question := kept("10", "0", ["hipaa"])
	not retention.satisfied with input as question
	endswith(retention.message, "immutable: 0 of 1") with input as question
}

test_without_a_law_nobody_knows_how_long if {
	question := kept("100", "1", [])
	not retention.satisfied with input as question
	retention.message == "the laws that apply are not named, or not all of them are known: " with input as question
}

test_a_law_that_nobody_knows_fails if {
	question := kept("100", "1", ["hipaa", "local"])
	not retention.satisfied with input as question
	retention.message == "the laws that apply are not named, or not all of them are known: hipaa, local" with input as question
}

test_every_law_that_was_counted_is_told if {
	question := fixture.measured("compliance", [
		fixture.number("retention_years", "6"), fixture.number("retention_immutable", "1"),
		fixture.number("retention_laws", "2"), fixture.about("retention_law", "hipaa", "1"),
	])
	not retention.satisfied with input as question
}

test_silence_keeps_nothing if {
	every question in [fixture.silent, fixture.digressing] {
		not retention.satisfied with input as question
		not retention.message with input as question
	}
}

test_garbage_keeps_nothing if {
	every text in fixture.garbage {
		not retention.satisfied with input as kept(text, "1", ["hipaa"])
		not retention.satisfied with input as kept("10", text, ["hipaa"])
		not retention.satisfied with input as fixture.measured("compliance", [
			fixture.number("retention_years", "10"), fixture.number("retention_immutable", "1"),
			fixture.number("retention_laws", text), fixture.about("retention_law", "hipaa", "1"),
		])
		not retention.satisfied with input as fixture.measured("compliance", [
			fixture.number("retention_years", "10"), fixture.number("retention_immutable", "1"),
			fixture.number("retention_laws", "1"), fixture.about("retention_law", "hipaa", text),
		])
	}
}
