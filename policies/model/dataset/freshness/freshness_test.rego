package model.dataset.freshness_test

import data.fixture
import data.model.dataset.freshness

extracted(seconds) := fixture.measured("dataset", [fixture.number("extracted_declared", "1"), fixture.number("extracted", seconds)])

test_an_extract_of_today_satisfies if {
	freshness.satisfied with input as extracted(fixture.an_hour_ago)
	freshness.satisfied with input as extracted("1795521600") # ends tonight, somewhere
}

# 1,095 days before the question, and one more.
test_an_old_one_fails if {
	freshness.satisfied with input as extracted("1700827200")
	not freshness.satisfied with input as extracted("1700740800")
	freshness.message == "the data was extracted 1096 days ago, limit 1095" with input as extracted("1700740800")
	freshness.satisfied with input as fixture.in_profile(extracted("1700740800"), "development")
}

test_one_of_next_year_fails if not freshness.satisfied with input as extracted(fixture.next_year)

test_a_contract_that_does_not_say_fails if {
	question := fixture.measured("dataset", [fixture.number("extracted_declared", "0")])
	not freshness.satisfied with input as question
	freshness.message == "the contract does not say when the data was extracted" with input as question
}

test_garbage_is_not_fresh if {
	every text in fixture.garbage {
		not freshness.satisfied with input as extracted(text)
		not freshness.satisfied with input as fixture.measured("dataset", [fixture.number("extracted_declared", text), fixture.number("extracted", fixture.an_hour_ago)])
	}
}

test_silence_is_not_fresh if {
	every question in [fixture.silent, fixture.digressing] { not freshness.satisfied with input as question }
}
