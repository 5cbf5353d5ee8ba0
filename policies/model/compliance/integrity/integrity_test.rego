package model.compliance.integrity_test

import data.fixture
import data.model.compliance.integrity

rows := {"train": fixture.digest("b"), "holdout": fixture.digest("c")}

whole := object.union(
	fixture.measured("compliance", [fixture.about("data", fixture.digest("a"), "1")]),
	{"model": {
		"materials": {"data": fixture.digest("a"), "train": fixture.digest("b")},
		"inputs": {"dataset": rows, "performance": rows, "bias": rows},
	}},
)

changed(model) := object.union(whole, {"model": model})

test_one_and_the_same_data_satisfies if integrity.satisfied with input as whole

test_a_model_of_other_data_fails if {
	question := changed({"materials": {"data": fixture.digest("d")}})
	not integrity.satisfied with input as question
	integrity.message == sprintf("trained on data %s, agreed data %s; other training rows: none; other holdout rows: none", [fixture.digest("d"), fixture.digest("a")]) with input as question
}

test_a_model_of_other_rows_fails if {
	question := changed({"materials": {"train": fixture.digest("d")}})
	not integrity.satisfied with input as question
	contains(integrity.message, "other training rows: bias, dataset, performance;") with input as question
}

test_a_gate_that_measured_other_rows_fails if {
	every gate in ["dataset", "performance", "bias"] {
		every part in ["train", "holdout"] {
			question := changed({"inputs": {gate: {part: fixture.digest("d")}}})
			not integrity.satisfied with input as question
			integrity.message with input as question
		}
	}
}

test_what_is_not_known_is_not_the_same if {
	every path in [
		"/model/materials", "/model/materials/data", "/model/materials/train", "/model/inputs", "/model/inputs/bias",
		"/model/inputs/bias/train", "/model/inputs/performance/holdout", "/model/inputs/dataset/holdout", "/model/named/compliance/data",
	] {
		not integrity.satisfied with input as json.remove(whole, [path])
	}
}

test_two_agreed_files_are_none if {
	question := changed({"named": {"compliance": {"data": array.concat(whole.model.named.compliance.data, whole.model.named.compliance.data)}}})
	not integrity.satisfied with input as question
}

test_silence_is_not_whole if {
	every question in [fixture.silent, fixture.digressing] {
		not integrity.satisfied with input as question
		not integrity.message with input as question
	}
}

test_garbage_is_not_whole if {
	every text in fixture.garbage {
		question := changed({"named": {"compliance": {"data": [fixture.about("data", fixture.digest("a"), text)]}}})
		not integrity.satisfied with input as question
	}
}
