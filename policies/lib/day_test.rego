package lib_test

import data.fixture
import data.lib

test_an_instant_is_told_as_people_write_it if {
	lib.day(fixture.number("expires", fixture.now)) == "2026-11-23T12:00:00Z"
}

test_no_instant_says_why if {
	lib.day(fixture.explained("expires", "", "", "no date is given")) == "no date is given"
	not lib.day(fixture.number("expires", "garbage"))
}
