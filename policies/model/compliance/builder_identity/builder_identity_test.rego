package model.compliance.builder_identity_test

import data.fixture
import data.model.compliance.builder_identity

trained(builders, allowed) := built(builders, sprintf("%d", [count(allowed)]), allowed)

built(builders, total, allowed) := object.union(
	fixture.measured("compliance", array.concat(
		[fixture.number("builders_allowed", total)],
		[fixture.about("builder_allowed", id, "1") | some id in allowed],
	)),
	{"model": {"builders": builders}},
)

ours := "https://assay.dev/reconciler/v1alpha1"

test_an_allowed_builder_satisfies if {
	builder_identity.satisfied with input as trained([ours], [ours])
	builder_identity.satisfied with input as trained([ours], ["https://example.org/another", ours])
}

test_another_builder_fails if {
	question := trained(["https://example.org/laptop"], [ours])
	not builder_identity.satisfied with input as question
	builder_identity.message == "trained by https://example.org/laptop, allowed: https://assay.dev/reconciler/v1alpha1" with input as question
}

test_one_stranger_among_them_fails if {
	not builder_identity.satisfied with input as trained([ours, "https://example.org/laptop"], [ours])
}

test_letters_count if not builder_identity.satisfied with input as trained([upper(ours)], [ours])

test_no_list_allows_nobody if {
	question := trained([ours], [])
	not builder_identity.satisfied with input as question
	builder_identity.message == "trained by https://assay.dev/reconciler/v1alpha1, allowed: " with input as question
}

test_a_list_is_whole if not builder_identity.satisfied with input as built([ours], "2", [ours])

test_nobody_is_no_builder if {
	every builders in [[], [""]] {
		not builder_identity.satisfied with input as trained(builders, [ours])
	}
}

test_silence_builds_nothing if {
	every question in [fixture.silent, fixture.digressing] {
		not builder_identity.satisfied with input as question
		not builder_identity.message with input as question
	}
}

test_garbage_builds_nothing if {
	every text in fixture.garbage {
		not builder_identity.satisfied with input as built([ours], text, [ours])
		not builder_identity.satisfied with input as object.union(
			fixture.measured("compliance", [fixture.number("builders_allowed", "1"), fixture.about("builder_allowed", ours, text)]),
			{"model": {"builders": [ours]}},
		)
	}
}
