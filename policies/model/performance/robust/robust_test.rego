package model.performance.robust_test

import data.fixture
import data.model.performance.robust

asked(requests, inconsistent, invalid) := fixture.measured("performance", [
	fixture.number("requests", requests), fixture.number("inconsistent_scores", inconsistent), fixture.number("invalid_answers", invalid),
])

test_the_same_and_valid_answers_satisfy if robust.satisfied with input as asked("500", "0", "0")

test_other_answers_fail if {
	every question in [asked("500", "1", "0"), asked("500", "0", "2"), asked("0", "0", "0")] {
		not robust.satisfied with input as question
	}
	robust.message == "of 500 requests 1 were not answered as the same row of the file, and 2 answers are no score that a patient can have" with input as asked("500", "1", "2")
}

test_silence_is_not_robust if {
	every question in [fixture.silent, fixture.digressing] {
		not robust.satisfied with input as question
		not robust.message with input as question
	}
}

test_garbage_is_not_robust if {
	every text in fixture.garbage {
		every question in [asked(text, "0", "0"), asked("500", text, "0"), asked("500", "0", text)] {
			not robust.satisfied with input as question
		}
	}
}
