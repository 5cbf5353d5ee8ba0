package model.compliance.waiver_register_test

import data.fixture
import data.model.compliance.waiver_register

waiver := {
	"rule": "model.bias.equal_opportunity", "environment": "production", "reason": "the cohort is being recruited", "control": "a second reader",
	"issued": fixture.an_hour_ago, "expires": "1795521600", "until": "2026-11-24T12:00:00Z",
	"by": {"name": "Dr. Ruiz", "email": "ruiz@example.org", "role": "quality"},
}

by(authors, waivers) := object.union(fixture.measured("compliance", authors), {"model": {"waivers": waivers}})

author := fixture.about("change_author", "author@example.org", "1")

registered(waivers) := by([author], waivers)

changed(change) := registered([waiver, object.union(waiver, change)])

test_a_register_in_order_satisfies if {
	waiver_register.satisfied with input as registered([])
	waiver_register.satisfied with input as registered([waiver])
	not waiver_register.message with input as registered([waiver])
}

# An expired or foreign waiver changes nothing.
test_what_does_not_run_here_and_now_is_not_looked_at if {
	every idle in [{"expires": fixture.now}, {"issued": "1795435201"}, {"environment": "staging"}] {
		every fault in [{}, {"rule": "model.evidence.complete"}, {"by": {"role": "friend"}}] {
			waiver_register.satisfied with input as changed(object.union(idle, fault))
		}
	}
}

test_a_waiver_that_nobody_could_give_breaks_the_register if {
	every fault in [
		{"expires": "1803207601"}, {"rule": "model.evidence.complete"}, {"by": {"role": "model_owner"}},
		{"by": {"email": "author@example.org"}}, {"by": {"email": ""}}, {"reason": ""}, {"control": ""},
	] {
		not waiver_register.satisfied with input as changed(fault)
		contains(waiver_register.message, "waivers that nobody could have given: 1; of model.") with input as changed(fault)
	}
}

test_what_is_wrong_is_told if {
	startswith(waiver_register.message, "waivers that nobody could have given: 1; of model.evidence.complete by Dr. Ruiz (quality): ") with input as changed({"rule": "model.evidence.complete"})
	endswith(waiver_register.message, "by Dr. Ruiz (quality): it does not say why, or what is done instead") with input as changed({"control": ""})
}

test_a_waiver_without_dates_is_not_in_order if {
	every text in fixture.garbage {
		not waiver_register.satisfied with input as changed({"issued": text})
		not waiver_register.satisfied with input as changed({"expires": text})
	}
}

test_authors_who_are_not_known_may_have_given_it if {
	every authors in [[], [fixture.about("change_author", "", "")], [author, fixture.about("change_author", "other@example.org", "")], [author, author]] {
		not waiver_register.satisfied with input as by(authors, [])
		not waiver_register.satisfied with input as by(authors, [waiver])
	}
}

test_silence_is_no_register if {
	every question in [fixture.silent, fixture.digressing] {
		not waiver_register.satisfied with input as question
		not waiver_register.message with input as question
	}
	not waiver_register.satisfied with input as fixture.measured("compliance", [author])
}

test_garbage_is_no_register if {
	every text in fixture.garbage { not waiver_register.satisfied with input as by([fixture.about("change_author", "author@example.org", text)], []) }
}
