package model.dataset.labels_test

import data.fixture
import data.model.dataset.labels

binary(missing, invalid) := fixture.measured("dataset", [
	fixture.about("label_missing", "malignant", missing),
	fixture.about("label_invalid", "malignant", invalid),
])

survival(missing, invalid, negative) := fixture.with_facts(
	fixture.measured("dataset", [
		fixture.about("label_missing", "died", missing),
		fixture.about("label_missing", "days", "0"),
		fixture.about("label_invalid", "died", "0"),
		fixture.about("label_invalid", "days", invalid),
		fixture.about("negative_times", "days", negative),
	]),
	{"task": "survival"},
)

test_usable_outcomes_satisfy if {
	labels.satisfied with input as binary("0", "0")
	labels.satisfied with input as survival("0", "0", "0")
}

test_an_unusable_outcome_fails if {
	not labels.satisfied with input as binary("1", "2")
	labels.message == "1 rows without an outcome, 2 with one that is not 0 or 1, 0 negative follow-up times" with input as binary("1", "2")
	not labels.satisfied with input as survival("0", "0", "3")
	endswith(labels.message, ", 3 negative follow-up times") with input as survival("0", "0", "3")
}

# Nobody counted is not none.
test_a_count_that_is_absent_fails if {
	every name in ["label_missing", "label_invalid"] {
		question := fixture.measured("dataset", [fixture.about(name, "malignant", "0")])
		not labels.satisfied with input as question
		not labels.message with input as question
	}
	not labels.satisfied with input as fixture.with_facts(binary("0", "0"), {"task": "survival"})
}

test_silence_is_no_outcome if {
	every question in [fixture.silent, fixture.digressing] { not labels.satisfied with input as question }
}

test_garbage_is_no_outcome if {
	every text in fixture.garbage {
		not labels.satisfied with input as binary(text, "0")
		not labels.satisfied with input as binary("0", text)
		not labels.satisfied with input as survival("0", "0", text)
	}
}
