package model.security.licences_test

import data.fixture
import data.model.security.licences

licensed(known, forbidden, named) := classed(known, forbidden, "7", named)

classed(known, forbidden, unknown, named) := fixture.measured("security", array.concat(named, [
	fixture.number("packages_with_licence", known),
	fixture.about("licences", "forbidden", forbidden),
	fixture.about("licences", "unknown", unknown),
]))

forbidden(package_name) := fixture.explained("licence", sprintf("AGPL-3.0-only %s", [package_name]), "1", "forbidden")

test_licences_that_are_known_satisfy if {
	licences.satisfied with input as licensed("40", "0", [])
	licences.message == "40 of 100 packages of the serving image name a licence; 0 licences are forbidden (limit 0), 7 of no known class" with input as licensed("40", "0", [])
}

test_a_forbidden_one_fails_everywhere_and_is_named if {
	question := licensed("40", "1", [forbidden("ghost"), fixture.explained("licence", "Own own", "1", "unknown")])
	every profile in ["development", "staging", "production"] {
		not licences.satisfied with input as fixture.in_profile(question, profile)
	}
	licences.message == "40 of 100 packages of the serving image name a licence; 1 licences are forbidden (limit 0) (AGPL-3.0-only ghost), 7 of no known class" with input as question
}

test_five_are_named_at_most if {
	question := licensed("40", "6", [forbidden(sprintf("p%d", [i])) | some i in numbers.range(1, 6)])
	contains(licences.message, "p5") with input as question
	not sixth with input as question
}

sixth if contains(licences.message, "p6")

test_an_image_without_any_licence_was_stripped if not licences.satisfied with input as licensed("0", "0", [])

test_silence_is_not_a_licence if {
	every question in [fixture.silent, fixture.digressing] { not licences.satisfied with input as question }
}

test_garbage_is_not_a_licence if {
	every text in fixture.garbage {
		not licences.satisfied with input as licensed(text, "0", [])
		not licences.satisfied with input as licensed("40", text, [])
		not licences.satisfied with input as classed("40", "0", text, [])
	}
}
