package model.dataset.patient_overlap_test

import data.fixture
import data.model.dataset.patient_overlap

found(first, second) := fixture.measured("dataset", [fixture.number("patient_overlap", first), fixture.number("row_overlap", second)])

test_every_patient_on_one_side_satisfies if patient_overlap.satisfied with input as found("0", "0")

test_one_of_either_fails if {
	not patient_overlap.satisfied with input as found("1", "0")
	patient_overlap.message == "1 patients and 0 identical rows are in training and in the holdout, limit 0" with input as found("1", "0")
	not patient_overlap.satisfied with input as found("0", "1")
}

test_silence_is_not_none if {
	every question in [fixture.silent, fixture.digressing] { not patient_overlap.satisfied with input as question }
}

test_garbage_is_not_none if {
	every text in fixture.garbage {
		not patient_overlap.satisfied with input as found(text, "0")
		not patient_overlap.satisfied with input as found("0", text)
	}
}
