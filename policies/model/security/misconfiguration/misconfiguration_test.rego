package model.security.misconfiguration_test

import data.fixture
import data.model.security.misconfiguration

scanned(manifests, critical, high) := fixture.measured("security", [
	fixture.number("manifests_scanned", manifests),
	fixture.about("misconfigurations", "critical", critical),
	fixture.about("misconfigurations", "high", high),
])

test_safe_manifests_satisfy if misconfiguration.satisfied with input as scanned("5", "0", "0")

test_an_unsafe_one_fails_and_is_named if {
	safe := scanned("5", "0", "1")
	named := fixture.explained("misconfiguration", "KSV-0017 Deployment/predictor", "1", "high, privileged container")
	question := fixture.measured("security", array.concat(safe.model.measurements.security, [named]))
	not misconfiguration.satisfied with input as question
	misconfiguration.message == "0 critical (limit 0) and 1 high (limit 0) misconfigurations: KSV-0017 Deployment/predictor: high, privileged container" with input as question
}

test_a_critical_one_fails if not misconfiguration.satisfied with input as scanned("5", "1", "0")

test_no_manifest_was_not_scanned if not misconfiguration.satisfied with input as scanned("0", "0", "0")

test_silence_is_not_safe if {
	every question in [fixture.silent, fixture.digressing] { not misconfiguration.satisfied with input as question }
}

test_garbage_is_not_safe if {
	every text in fixture.garbage {
		not misconfiguration.satisfied with input as scanned(text, "0", "0")
		not misconfiguration.satisfied with input as scanned("5", text, "0")
		not misconfiguration.satisfied with input as scanned("5", "0", text)
	}
}
