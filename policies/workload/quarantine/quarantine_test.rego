package workload.quarantine_test

import data.fixture
import data.workload.quarantine

order := {"name": "recall-7", "digest": fixture.digest("a"), "reason": "wrong for children", "by": "ruiz@example.org"}

under(workload, orders) := object.union(workload, {"workload": {"quarantines": orders}})

test_what_no_quarantine_names_satisfies if quarantine.satisfied with input as fixture.uses({})

test_a_workload_without_a_model_satisfies if {
	quarantine.satisfied with input as fixture.workload([], [])
	quarantine.satisfied with input as fixture.workload([fixture.image("b")], [])
}

test_a_model_under_quarantine_fails_and_says_why if {
	question := under(fixture.uses({"clear": false}), [order])
	not quarantine.satisfied with input as question
	told := sprintf("spec.volumes[0].image runs %s, which is under quarantine recall-7 (ruiz@example.org): wrong for children", [fixture.digest("a")])
	quarantine.message == told with input as question
}

test_an_image_under_quarantine_fails_with_a_model_and_without if {
	serving := object.union(order, {"digest": fixture.digest("b"), "by": ""})
	every uses in [[], [fixture.use({})]] {
		question := under(fixture.workload([object.union(fixture.image("b"), {"clear": false})], uses), [serving])
		not quarantine.satisfied with input as question
		told := sprintf("container predictor runs %s, which is under quarantine recall-7 (nobody says by whom): wrong for children", [fixture.digest("b")])
		quarantine.message == told with input as question
	}
}

# The order that is told is one that is broken here.
test_an_order_about_something_else_is_not_told if {
	other := object.union(order, {"name": "another", "digest": fixture.digest("c")})
	startswith(quarantine.message, "spec.volumes[0].image runs") with input as under(fixture.uses({"clear": false}), [other, order])
	contains(quarantine.message, "recall-7") with input as under(fixture.uses({"clear": false}), [other, order])
}

test_what_nobody_looked_up_is_not_clear if {
	not quarantine.satisfied with input as fixture.workload([json.remove(fixture.image("b"), ["clear"])], [])
	not quarantine.satisfied with input as fixture.workload([], [json.remove(fixture.use({}), ["clear"])])
}

test_silence_clears_nothing if {
	every question in fixture.speechless { not quarantine.satisfied with input as question }
	every images in ["garbage", null, {}] { not quarantine.satisfied with input as fixture.workload(images, []) }
}

test_garbage_clears_nothing if {
	every other in ["garbage", "1e9", "null", "true", 1, null, ""] {
		not quarantine.satisfied with input as fixture.uses({"clear": other})
		not quarantine.satisfied with input as fixture.workload([object.union(fixture.image("b"), {"clear": other})], [])
	}
}
