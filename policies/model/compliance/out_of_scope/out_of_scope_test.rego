package model.compliance.out_of_scope_test

import data.fixture
import data.model.compliance.out_of_scope

scope(missing, unbounded, answered, others) := fixture.asked({
	"compliance": array.concat(
		[fixture.number("scope_fields_missing", missing), fixture.number("unbounded_features", unbounded)],
		others,
	),
	"performance": [fixture.number("garbage_input_answered", answered)],
})

test_a_stated_scope_that_can_be_kept_satisfies if out_of_scope.satisfied with input as scope("0", "0", "0", [])

test_an_empty_field_fails_and_is_named if {
	question := scope("1", "0", "0", [fixture.about("scope_field_missing", "uses.outOfScope", "1")])
	not out_of_scope.satisfied with input as question
	out_of_scope.message == "1 of 4 fields about limits and risks are empty or placeholders, 0 numeric features have no min and max, 0 requests with garbage were answered: uses.outOfScope" with input as question
}

test_a_number_without_limits_fails_and_is_named if {
	question := scope("0", "1", "0", [fixture.about("unbounded_feature", "age", "1")])
	not out_of_scope.satisfied with input as question
	endswith(out_of_scope.message, "1 numeric features have no min and max, 0 requests with garbage were answered: age") with input as question
}

test_a_server_that_answers_garbage_fails if {
	question := scope("0", "0", "2", [])
	not out_of_scope.satisfied with input as question
	endswith(out_of_scope.message, "2 requests with garbage were answered") with input as question
}

test_silence_is_no_scope if {
	every question in [fixture.silent, fixture.digressing] {
		not out_of_scope.satisfied with input as question
		not out_of_scope.message with input as question
	}
}

test_garbage_is_no_scope if {
	every text in fixture.garbage {
		not out_of_scope.satisfied with input as scope(text, "0", "0", [])
		not out_of_scope.satisfied with input as scope("0", text, "0", [])
		not out_of_scope.satisfied with input as scope("0", "0", text, [])
	}
}
