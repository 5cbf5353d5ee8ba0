package model.dataset.temporal_test

import data.fixture
import data.model.dataset.temporal

said(temporal, declared) := [fixture.number("temporal_split", temporal), fixture.number("index_date_declared", declared)]

dated(temporal, unusable, after) := array.concat(said(temporal, "1"), [
	fixture.number("index_date_unusable", unusable),
	fixture.number("dated_features", "1"),
	fixture.about("features_after_index", "biopsy", after),
])

overlapping(rows) := [fixture.number("temporal_overlap", rows)]

asked(list) := fixture.measured("dataset", list)

test_a_contract_that_claims_nothing_satisfies if temporal.satisfied with input as asked(said("0", "0"))

test_features_of_the_past_satisfy if temporal.satisfied with input as asked(dated("0", "0", "0"))

test_a_later_holdout_satisfies if temporal.satisfied with input as asked(array.concat(dated("1", "0", "0"), overlapping("0")))

test_a_feature_of_the_future_fails if {
	not temporal.satisfied with input as asked(dated("0", "0", "3"))
	temporal.message == "biopsy is later than the index date in 3 rows" with input as asked(dated("0", "0", "3"))
}

test_a_row_without_an_index_date_fails if {
	not temporal.satisfied with input as asked(dated("0", "2", "0"))
	temporal.message == "2 rows have no usable index date" with input as asked(dated("0", "2", "0"))
}

test_a_holdout_that_is_no_later_fails if {
	question := asked(array.concat(dated("1", "0", "0"), overlapping("7")))
	not temporal.satisfied with input as question
	temporal.message == "7 rows of the holdout are no later than training" with input as question
	not temporal.satisfied with input as asked(dated("1", "0", "0"))
}

test_a_temporal_split_needs_an_index_date if {
	not temporal.satisfied with input as asked(said("1", "0"))
	temporal.message == "split.kind is temporal, and no indexDate is named" with input as asked(said("1", "0"))
}

test_a_date_that_nobody_compared_fails if {
	not temporal.satisfied with input as asked(array.concat(said("0", "1"), [fixture.number("index_date_unusable", "0"), fixture.number("dated_features", "1")]))
}

test_garbage_is_never_past if {
	every text in fixture.garbage {
		not temporal.satisfied with input as asked(said(text, "0"))
		not temporal.satisfied with input as asked(said("0", text))
		not temporal.satisfied with input as asked(dated("0", text, "0"))
		not temporal.satisfied with input as asked(dated("0", "0", text))
		not temporal.satisfied with input as asked(array.concat(dated("1", "0", "0"), overlapping(text)))
	}
}

test_silence_is_not_past if {
	every question in [fixture.silent, fixture.digressing] { not temporal.satisfied with input as question }
}
