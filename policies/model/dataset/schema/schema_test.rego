package model.dataset.schema_test

import data.fixture
import data.model.dataset.schema

counted(missing, unexpected, violations) := fixture.measured("dataset", array.concat(
	[fixture.number("columns_missing", missing), fixture.number("columns_unexpected", unexpected), fixture.about("type_violations", "sex", "0")],
	violations,
))

violation(kind, text) := fixture.about(kind, "age", text)

kinds := ["type_violations", "range_violations", "domain_violations"]

test_data_that_keeps_its_contract_satisfies if {
	schema.satisfied with input as counted("0", "0", [violation(kind, "0") | some kind in kinds])
}

test_a_value_out_of_contract_fails_and_its_column_is_named if {
	every kind in kinds {
		question := counted("0", "0", [violation(kind, "2")])
		not schema.satisfied with input as question
		schema.message == "0 columns missing, 0 unexpected, 2 values of the wrong type, out of range or not allowed (age)" with input as question
	}
}

test_a_missing_column_fails_and_is_named if {
	question := counted("1", "0", [violation("column_missing", "1")])
	not schema.satisfied with input as question
	startswith(schema.message, "1 columns missing, 0 unexpected") with input as question
	endswith(schema.message, "(age)") with input as question
}

test_an_unexpected_column_fails if not schema.satisfied with input as counted("0", "1", [])

test_violations_do_not_cancel_out if {
	not schema.satisfied with input as counted("0", "0", [violation("type_violations", "1"), violation("range_violations", "1")])
}

# Nobody counted is not none; but not every contract names ranges and values.
test_types_that_nobody_counted_keep_no_contract if {
	columns := [fixture.number("columns_missing", "0"), fixture.number("columns_unexpected", "0")]
	promised := [violation(kind, "0") | some kind in kinds; kind != "type_violations"]
	question := fixture.measured("dataset", array.concat(columns, promised))
	not schema.satisfied with input as question
	not schema.message with input as question
}

test_a_contract_without_ranges_is_kept if schema.satisfied with input as counted("0", "0", [])

test_silence_keeps_no_contract if {
	every question in [fixture.silent, fixture.digressing] { not schema.satisfied with input as question }
}

test_garbage_keeps_no_contract if {
	every text in fixture.garbage {
		not schema.satisfied with input as counted(text, "0", [])
		not schema.satisfied with input as counted("0", text, [])
		every kind in kinds { not schema.satisfied with input as counted("0", "0", [violation(kind, text)]) }
	}
}
