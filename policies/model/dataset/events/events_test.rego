package model.dataset.events_test

import data.fixture
import data.model.dataset.events

outcomes(those, others) := fixture.measured("dataset", [fixture.number("events", those), fixture.number("non_events", others)])

test_a_hundred_of_each_satisfy if events.satisfied with input as outcomes("100", "100")

test_one_fewer_of_either_fails if {
	not events.satisfied with input as outcomes("99", "1000")
	events.message == "the holdout holds 99 events and 1000 without, limit 100 of each" with input as outcomes("99", "1000")
	not events.satisfied with input as outcomes("1000", "99")
}

test_development_asks_for_twenty if {
	events.satisfied with input as fixture.in_profile(outcomes("20", "20"), "development")
	not events.satisfied with input as fixture.in_profile(outcomes("19", "20"), "development")
}

test_silence_holds_no_outcome if {
	every question in [fixture.silent, fixture.digressing] { not events.satisfied with input as question }
}

test_garbage_holds_no_outcome if {
	every text in fixture.garbage {
		not events.satisfied with input as outcomes(text, "100")
		not events.satisfied with input as outcomes("100", text)
	}
}
