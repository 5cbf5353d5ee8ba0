package model.security.database_fresh_test

import data.fixture
import data.model.security.database_fresh

updated(text) := fixture.measured("security", [fixture.number("vulnerability_database_updated", text)])

days_ago(days) := updated(sprintf("%d", [to_number(fixture.now) - (days * 86400)]))

test_a_database_of_today_satisfies if database_fresh.satisfied with input as updated(fixture.an_hour_ago)

test_the_limit_itself_satisfies if database_fresh.satisfied with input as days_ago(2)

test_an_old_database_fails if {
	not database_fresh.satisfied with input as days_ago(3)
	database_fresh.message == "the vulnerability database is 3 days old, limit 2" with input as days_ago(3)
}

# Clocks differ by minutes, not by days: such a date was not told by a clock.
test_a_database_of_the_future_fails if {
	database_fresh.satisfied with input as days_ago(-1)
	not database_fresh.satisfied with input as days_ago(-2)
	not database_fresh.satisfied with input as updated(fixture.next_year)
}

test_silence_is_not_fresh if {
	every question in [fixture.silent, fixture.digressing] { not database_fresh.satisfied with input as question }
}

test_garbage_is_not_fresh if {
	every text in fixture.garbage { not database_fresh.satisfied with input as updated(text) }
}
