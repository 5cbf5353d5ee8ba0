package model.dataset.duplicates_test

import data.fixture
import data.model.dataset.duplicates

found(first, second) := fixture.measured("dataset", [fixture.number("duplicate_rows", first), fixture.number("duplicate_keys", second)])

test_every_row_once_satisfies if duplicates.satisfied with input as found("0", "0")

test_one_of_either_fails if {
	not duplicates.satisfied with input as found("1", "0")
	duplicates.message == "1 duplicate rows and 0 duplicate patient keys, limit 0" with input as found("1", "0")
	not duplicates.satisfied with input as found("0", "1")
}

test_silence_is_not_none if {
	every question in [fixture.silent, fixture.digressing] { not duplicates.satisfied with input as question }
}

test_garbage_is_not_none if {
	every text in fixture.garbage {
		not duplicates.satisfied with input as found(text, "0")
		not duplicates.satisfied with input as found("0", text)
	}
}
