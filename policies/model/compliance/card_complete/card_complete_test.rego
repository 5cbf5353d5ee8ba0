package model.compliance.card_complete_test

import data.fixture
import data.model.compliance.card_complete

pointer := fixture.about("card_pointer", "keyMetrics.usefulness.results[0]|performance.auroc|||", "1")

auroc := fixture.interval("auroc", "0.91", "0.94", "0.97")

asked(performance, missing, typed, pointers, others) := fixture.asked({"performance": performance, "compliance": array.concat(
	[
		fixture.number("card_fields_missing", missing),
		fixture.number("card_numbers_typed", typed),
		fixture.number("card_pointers", pointers),
	],
	others,
)})

test_a_full_card_satisfies if card_complete.satisfied with input as asked([auroc], "0", "0", "1", [pointer])

test_an_empty_field_fails_and_is_named if {
	fields := [fixture.about("card_field_missing", field, "1") | some field in ["trust.security", "summary"]]
	question := asked([auroc], "2", "0", "1", array.concat([pointer], fields))
	not card_complete.satisfied with input as question
	card_complete.message == "2 fields of the model card are empty or placeholders, 0 numbers are typed, 0 of 1 pointers do not hold: summary; trust.security" with input as question
}

test_a_typed_number_fails_and_its_field_is_named if {
	question := asked([auroc], "0", "1", "1", [pointer, fixture.about("card_number_typed", "keyMetrics.safety.goal", "1")])
	not card_complete.satisfied with input as question
	card_complete.message == "0 fields of the model card are empty or placeholders, 1 numbers are typed, 0 of 1 pointers do not hold: keyMetrics.safety.goal holds a number" with input as question
}

test_a_pointer_to_what_nobody_measured_fails if {
	question := asked([], "0", "0", "1", [pointer])
	not card_complete.satisfied with input as question
	card_complete.message == "0 fields of the model card are empty or placeholders, 0 numbers are typed, 1 of 1 pointers do not hold: keyMetrics.usefulness.results[0]: performance.auroc is not measured" with input as question
}

# A pointer that was lost on the way is one that nobody looked up.
test_every_pointer_of_the_card_is_there if {
	question := asked([auroc], "0", "0", "2", [pointer])
	not card_complete.satisfied with input as question
	endswith(card_complete.message, "0 of 2 pointers do not hold") with input as question
}

test_a_card_without_any_number_fails if not card_complete.satisfied with input as asked([auroc], "0", "0", "0", [])

test_silence_is_no_card if {
	every question in [fixture.silent, fixture.digressing] {
		not card_complete.satisfied with input as question
		not card_complete.message with input as question
	}
}

test_garbage_is_no_card if {
	every text in fixture.garbage {
		not card_complete.satisfied with input as asked([auroc], text, "0", "1", [pointer])
		not card_complete.satisfied with input as asked([auroc], "0", text, "1", [pointer])
		not card_complete.satisfied with input as asked([auroc], "0", "0", text, [pointer])
	}
}
