package lib_test

import data.fixture
import data.lib

rule := "model.bias.equal_opportunity"

waiver := {
	"rule": rule, "environment": "production", "reason": "the cohort is being recruited", "control": "a second reader",
	"issued": fixture.an_hour_ago, "expires": "1795521600", "until": "2026-11-24T12:00:00Z",
	"by": {"name": "Dr. Ruiz", "email": "ruiz@example.org", "role": "quality"},
}

author(emails) := fixture.measured("compliance", [fixture.about("change_author", email, "1") | some email in emails])

with_waivers(waivers) := object.union(author(["author@example.org"]), {"model": {"waivers": waivers}})

told := "waived until 2026-11-24T12:00:00Z by Dr. Ruiz (quality): the cohort is being recruited; instead: a second reader"

test_a_waiver_counts_for_its_rule if {
	lib.waived(rule) == [told] with input as with_waivers([waiver])
	lib.waived("model.bias.false_positive_rate") == [] with input as with_waivers([waiver])
}

test_without_a_waiver_nothing_is_waived if {
	lib.waived(rule) == [] with input as author(["author@example.org"])
	lib.waived(rule) == [] with input as with_waivers([])
}

test_who_or_what_does_not_fit_waives_nothing if {
	every change in [
		{"rule": "model.bias.false_positive_rate"}, {"environment": "staging"},
		{"issued": "1795435201"}, {"issued": "garbage"}, {"issued": "1787745599"},
		{"expires": fixture.now}, {"expires": fixture.an_hour_ago}, {"expires": "garbage"}, {"expires": "1803207601"},
		{"by": {"role": "model_owner"}}, {"by": {"role": ""}}, {"by": {"email": "author@example.org"}}, {"by": {"email": ""}},
	] {
		lib.waived(rule) == [] with input as with_waivers([object.union(waiver, change)])
	}
}

test_a_waiver_may_last_as_long_as_agreed if {
	ninety_days := object.union(waiver, {"expires": "1803207600"})
	count(lib.waived(rule)) == 1 with input as with_waivers([ninety_days])
}

test_it_begins_with_the_second_in_which_it_was_issued if {
	begun := object.union(waiver, {"issued": fixture.now})
	count(lib.waived(rule)) == 1 with input as with_waivers([begun])
}

test_some_rules_cannot_be_waived if {
	every forbidden in ["model.evidence.verified", "model.dataset.identifiers", "model.security.secrets"] {
		lib.waived(forbidden) == [] with input as with_waivers([object.union(waiver, {"rule": forbidden})])
	}
}

test_nothing_is_waived_where_no_list_says_what_cannot_be if {
	every nothing in [null, "", {}] {
		lib.waived(rule) == [] with input as with_waivers([waiver]) with data.thresholds.profiles.production.waivers.rules_forbidden as nothing
	}
}

test_nothing_is_waived_where_the_author_is_not_known if {
	every emails in [[], [""], ["a@example.org", ""]] {
		lib.waived(rule) == [] with input as object.union(author(emails), {"model": {"waivers": [waiver]}})
	}
}

test_no_author_waives if {
	lib.waived(rule) == [told] with input as object.union(author(["a@example.org", "b@example.org"]), {"model": {"waivers": [waiver]}})
	every emails in [["a@example.org", "ruiz@example.org"], ["ruiz@example.org", "z@example.org"]] {
		lib.waived(rule) == [] with input as object.union(author(emails), {"model": {"waivers": [waiver]}})
	}
}

test_two_waivers_are_told_in_order if {
	other := object.union(waiver, {"reason": "another"})
	lib.waived(rule) == sort([told, replace(told, "the cohort is being recruited", "another")]) with input as with_waivers([waiver, other])
}

test_what_speaks_against_a_waiver_is_told if {
	every objection, change in {
		"it is for another environment": {"environment": "staging"},
		"it has not begun": {"issued": "1795435201"},
		"it has expired": {"expires": fixture.now},
		"it lasts longer than agreed": {"expires": "1803207601"},
		"who gave it is in no role that may": {"by": {"role": "model_owner"}},
		"who gave it may be the author of the change": {"by": {"email": "author@example.org"}},
		"this rule cannot be waived": {"rule": "model.security.secrets"},
	} {
		lib.objections(object.union(waiver, change)) == {objection} with input as with_waivers([])
	}
}

test_nothing_speaks_against_a_waiver_that_counts if {
	lib.objections(waiver) == set() with input as with_waivers([])
}

test_a_waiver_that_says_nothing_has_every_objection if {
	count(lib.objections({})) == 7 with input as with_waivers([])
}
