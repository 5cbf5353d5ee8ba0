package model.compliance.software_test

import data.fixture
import data.model.compliance.software

clean := [fixture.about("safety_class", "B", "1"), fixture.about("reviewed_components", fixture.digest("c"), "1")]

asked(bills, measurements) := fixture.asked({"security": [fixture.about("sbom", fixture.digest(letter), "40") | some letter in bills], "compliance": measurements})

instead(others) := asked(["c"], fixture.instead(clean, others))

test_what_was_reviewed_is_what_serves if software.satisfied with input as asked(["c"], clean)

test_another_image_was_reviewed if {
	question := asked(["d"], clean)
	not software.satisfied with input as question
	software.message == sprintf(`safety class "B": 1 of 1; bill of materials that was reviewed: %s, of the serving image: %s`, [fixture.digest("c"), fixture.digest("d")]) with input as question
}

test_no_class_and_no_review_fail if {
	not software.satisfied with input as instead([fixture.about("safety_class", "IIa", "0")])
	not software.satisfied with input as instead([fixture.about("reviewed_components", fixture.digest("c"), "0")])
	not software.satisfied with input as asked([], clean)
}

test_an_image_of_nothing_was_not_read if {
	not software.satisfied with input as fixture.asked({"security": [fixture.about("sbom", fixture.digest("c"), "0")], "compliance": clean})
}

test_silence_reviews_nothing if {
	every question in [fixture.silent, fixture.digressing] {
		not software.satisfied with input as question
		not software.message with input as question
	}
}

test_whatever_is_missing_or_garbage_reviews_nothing if {
	every m in clean {
		not software.satisfied with input as asked(["c"], [other | some other in clean; other != m])
		not software.satisfied with input as asked(["c"], array.concat(clean, [m]))
		every text in fixture.garbage { not software.satisfied with input as instead([fixture.about(m.name, m.group, text)]) }
	}
	every text in fixture.garbage {
		not software.satisfied with input as fixture.asked({"security": [fixture.about("sbom", fixture.digest("c"), text)], "compliance": clean})
	}
}
