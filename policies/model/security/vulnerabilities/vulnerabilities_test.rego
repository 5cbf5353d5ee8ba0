package model.security.vulnerabilities_test

import data.fixture
import data.model.security.vulnerabilities

scanned(packages, supported, critical, high) := fixture.measured("security", [
	fixture.number("packages_scanned", packages),
	fixture.explained("operating_system_supported", "", supported, "alpine 3.4"),
	fixture.about("vulnerabilities", "critical", critical),
	fixture.about("vulnerabilities", "high", high),
])

test_an_image_without_vulnerabilities_satisfies if vulnerabilities.satisfied with input as scanned("40", "1", "0", "0")

test_a_high_one_fails_and_is_named if {
	clean := scanned("40", "1", "0", "1")
	named := fixture.explained("vulnerability", "CVE-2026-0001 openssl 3.0.1", "1", "high, fixed in 3.0.2")
	question := fixture.measured("security", array.concat(clean.model.measurements.security, [named]))
	not vulnerabilities.satisfied with input as question
	vulnerabilities.message == "the serving image has 0 critical (limit 0) and 1 high (limit 0) vulnerabilities in 40 packages; CVE-2026-0001 openssl 3.0.1, high, fixed in 3.0.2" with input as question
}

test_a_critical_one_fails_everywhere if {
	every profile in ["development", "staging", "production"] {
		not vulnerabilities.satisfied with input as fixture.in_profile(scanned("40", "1", "1", "0"), profile)
	}
}

test_development_tolerates_ten_high_ones if {
	vulnerabilities.satisfied with input as fixture.in_profile(scanned("40", "1", "0", "10"), "development")
	not vulnerabilities.satisfied with input as fixture.in_profile(scanned("40", "1", "0", "11"), "development")
}

test_an_image_without_packages_was_not_scanned if not vulnerabilities.satisfied with input as scanned("0", "1", "0", "0")

test_a_system_without_advisories_is_not_clean if {
	question := scanned("40", "0", "0", "0")
	not vulnerabilities.satisfied with input as question
	endswith(vulnerabilities.message, " in 40 packages; its operating system (alpine 3.4) gets no advisories") with input as question
}

test_silence_is_not_clean if {
	every question in [fixture.silent, fixture.digressing] { not vulnerabilities.satisfied with input as question }
}

test_garbage_is_not_clean if {
	every text in fixture.garbage {
		not vulnerabilities.satisfied with input as scanned(text, "1", "0", "0")
		not vulnerabilities.satisfied with input as scanned("40", text, "0", "0")
		not vulnerabilities.satisfied with input as scanned("40", "1", text, "0")
		not vulnerabilities.satisfied with input as scanned("40", "1", "0", text)
	}
}
