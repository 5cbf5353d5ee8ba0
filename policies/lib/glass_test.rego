package lib_test

import data.fixture
import data.lib

breakable := "workload.released"

# broken_glass was broken an hour ago, for the model of the fixture, and lasts
# as long as it may.
broken_glass := {
	"bundle": fixture.digest("f"), "model": "breast-malignancy", "digest": fixture.digest("a"),
	"environment": "production", "namespace": "models", "reason": "the registry burns", "ticket": "INC-7",
	"issued": fixture.an_hour_ago, "expires": "1795518000", "until": "2026-11-24T11:00:00Z",
	"by": {"name": "Dr. Ruiz", "email": "ruiz@example.org", "role": "clinical"},
}

with_glass(workload, all) := object.union(workload, {"workload": {"glass": all}})

pod := fixture.workload([fixture.image("b")], [fixture.use({"released": false})])

glass_told := "glass broken by Dr. Ruiz (clinical) until 2026-11-24T11:00:00Z, ticket INC-7: the registry burns"

test_glass_lets_in_what_some_rules_deny if {
	every allowed in ["workload.released", "workload.admissible", "workload.freeze", "workload.serving_image", "workload.storage"] {
		lib.waived(allowed) == [glass_told] with input as with_glass(pod, [broken_glass])
	}
	lib.glass(broken_glass) == {"objections": set(), "notes": [glass_told]} with input as with_glass(pod, [broken_glass])
}

test_glass_lets_nothing_else_in if {
	every rule_of_another_kind in ["workload.mounted", "workload.pinned", "workload.quarantine", "workload.sealed", "model.evidence.verified"] {
		lib.waived(rule_of_another_kind) == [] with input as with_glass(pod, [broken_glass])
	}
}

test_without_glass_nothing_is_broken if {
	lib.waived(breakable) == [] with input as pod
	lib.waived(breakable) == [] with input as with_glass(pod, [])
	lib.waived(breakable) == [] with input as fixture.workload([], [])
}

test_what_speaks_against_a_glass_is_told_and_keeps_it_whole if {
	every objection, change in {
		"it is for another environment": {"environment": "staging"},
		"it is for another namespace": {"namespace": "default"},
		"it is for another model": {"digest": fixture.digest("c")},
		"it has not begun": {"issued": "1795435201", "expires": "1795435300"},
		"it has expired": {"expires": fixture.now},
		"it lasts longer than agreed": {"expires": "1795518001"},
		"who gave it is in no role that may": {"by": {"role": "model_owner"}},
	} {
		other := object.union(broken_glass, change)
		lib.glass(other) == {"objections": {objection}, "notes": []} with input as with_glass(pod, [other])
		lib.waived(breakable) == [] with input as with_glass(pod, [other])
	}
}

test_garbage_breaks_nothing if {
	every other in ["garbage", "-0", "1e9", "", " 1795431600", null, 1795431600] {
		every field in ["issued", "expires"] {
			lib.waived(breakable) == [] with input as with_glass(pod, [object.union(broken_glass, {field: other})])
		}
	}
	every other in ["", null, ["clinical"]] {
		lib.waived(breakable) == [] with input as with_glass(pod, [object.union(broken_glass, {"by": {"role": other}})])
	}
	count(lib.objections_to_glass({})) == 7 with input as with_glass(pod, [{}])
	every silence in fixture.speechless { lib.waived(breakable) == [] with input as with_glass(silence, [broken_glass]) }
}

test_it_begins_with_the_second_in_which_it_was_issued if {
	begun := object.union(broken_glass, {"issued": fixture.now})
	lib.waived(breakable) == [glass_told] with input as with_glass(pod, [begun])
}

test_it_ends_with_the_second_in_which_it_expires if {
	ended := object.union(broken_glass, {"expires": "1795435201"})
	lib.waived(breakable) == [glass_told] with input as with_glass(pod, [ended])
}

# One model without glass keeps the workload out, also past the rules that speak
# of the other.
test_every_model_needs_its_own if {
	two := fixture.workload([fixture.image("b")], [fixture.use({}), fixture.use({"digest": fixture.digest("c")})])
	second := object.union(broken_glass, {"digest": fixture.digest("c"), "reason": "another"})
	lib.waived(breakable) == [] with input as with_glass(two, [broken_glass])
	lib.glass(broken_glass) == {"objections": set(), "notes": []} with input as with_glass(two, [broken_glass])
	count(lib.waived(breakable)) == 2 with input as with_glass(two, [broken_glass, second])
}

test_a_glass_that_does_not_count_breaks_none_that_does if {
	expired := object.union(broken_glass, {"expires": fixture.now})
	lib.waived(breakable) == [glass_told] with input as with_glass(pod, [expired, broken_glass])
}
