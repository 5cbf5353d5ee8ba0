package model.security.training_image_test

import data.fixture
import data.model.security.training_image

scanned(packages, supported, critical, high) := fixture.measured("security", [
	fixture.number("training_images", "1"),
	fixture.number("training_packages_scanned", packages),
	fixture.number("training_operating_system_supported", supported),
	fixture.about("training_vulnerabilities", "critical", critical),
	fixture.about("training_vulnerabilities", "high", high),
])

trained_by(text, method) := fixture.measured("security", [fixture.explained("training_images", "", text, method)])

test_an_image_without_vulnerabilities_satisfies if training_image.satisfied with input as scanned("40", "1", "0", "0")

test_this_program_needs_no_image if {
	question := trained_by("0", "the logistic trainer is a part of this program")
	training_image.satisfied with input as question
	training_image.message == "there is no training image: the logistic trainer is a part of this program" with input as question
}

test_a_command_outside_of_any_image_fails if {
	not training_image.satisfied with input as trained_by("0", "")
	training_image.message == "the model was trained by a command, in no image that could be looked at" with input as trained_by("0", "")
}

test_an_image_is_not_explained_away if {
	not training_image.satisfied with input as trained_by("1", "the logistic trainer is a part of this program")
	not training_image.satisfied with input as trained_by("-1", "the logistic trainer is a part of this program")
}

test_one_image_and_not_two if {
	clean := scanned("40", "1", "0", "0").model.measurements.security
	not training_image.satisfied with input as fixture.measured("security", array.concat([fixture.number("training_images", "2")], array.slice(clean, 1, 5)))
}

test_a_high_one_fails_and_is_named if {
	clean := scanned("40", "1", "0", "1")
	named := fixture.explained("training_vulnerability", "CVE-2026-0001 numpy 1.26.4", "1", "high, fixed in 1.26.5")
	question := fixture.measured("security", array.concat(clean.model.measurements.security, [named]))
	not training_image.satisfied with input as question
	training_image.message == "the training image has 0 critical (limit 0) and 1 high (limit 0) vulnerabilities in 40 packages; advisories for its operating system: yes; CVE-2026-0001 numpy 1.26.4, high, fixed in 1.26.5" with input as question
}

test_a_critical_one_fails_everywhere if {
	every profile in ["development", "staging", "production"] {
		not training_image.satisfied with input as fixture.in_profile(scanned("40", "1", "1", "0"), profile)
	}
}

test_development_tolerates_ten_high_ones if {
	training_image.satisfied with input as fixture.in_profile(scanned("40", "1", "0", "10"), "development")
	not training_image.satisfied with input as fixture.in_profile(scanned("40", "1", "0", "11"), "development")
}

test_an_image_without_packages_was_not_scanned if not training_image.satisfied with input as scanned("0", "1", "0", "0")

test_a_system_without_advisories_is_not_clean if {
	not training_image.satisfied with input as scanned("40", "0", "0", "0")
	endswith(training_image.message, "; advisories for its operating system: none") with input as scanned("40", "0", "0", "0")
}

test_five_are_named_at_most if {
	many := [fixture.explained("training_vulnerability", sprintf("CVE-%d", [i]), "1", "high") | some i in numbers.range(1, 6)]
	question := fixture.measured("security", array.concat(scanned("40", "1", "0", "6").model.measurements.security, many))
	contains(training_image.message, "CVE-5") with input as question
	not contains_sixth with input as question
}

contains_sixth if contains(training_image.message, "CVE-6")

test_silence_is_not_clean if {
	every question in [fixture.silent, fixture.digressing] { not training_image.satisfied with input as question }
}

test_garbage_is_not_clean if {
	every text in fixture.garbage {
		not training_image.satisfied with input as trained_by(text, "the logistic trainer is a part of this program")
		not training_image.satisfied with input as scanned(text, "1", "0", "0")
		not training_image.satisfied with input as scanned("40", text, "0", "0")
		not training_image.satisfied with input as scanned("40", "1", text, "0")
		not training_image.satisfied with input as scanned("40", "1", "0", text)
	}
}
