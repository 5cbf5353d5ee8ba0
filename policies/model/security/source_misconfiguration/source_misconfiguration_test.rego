package model.security.source_misconfiguration_test

import data.fixture
import data.model.security.source_misconfiguration

examined(unread, images, infrastructure) := fixture.measured("security", array.concat(
	[fixture.number("sources_not_examined", unread)],
	[fixture.about("source_misconfigurations", sprintf("%s %s", [kind, severity]), text) |
		some kind, counts in {"dockerfile": images, "terraform": infrastructure}
		some severity, text in counts
	],
))

none := {"critical": "0", "high": "0", "medium": "7"}

one(severity) := object.union(none, {severity: "1"})

test_safe_sources_satisfy if source_misconfiguration.satisfied with input as examined("0", none, none)

test_an_unsafe_one_fails if {
	every severity in ["critical", "high"] {
		not source_misconfiguration.satisfied with input as examined("0", one(severity), none)
		not source_misconfiguration.satisfied with input as examined("0", none, one(severity))
	}
}

test_what_was_not_examined_fails_and_is_named if {
	clean := examined("1", none, one("high"))
	found := [
		fixture.explained("source_not_examined", "infrastructure: Failed to load module", "1", "Terraform that is not whole"),
		fixture.explained("source_misconfiguration", "DS-0002 Dockerfile:3", "1", "high: Image user should not be 'root'"),
	]
	question := fixture.measured("security", array.concat(clean.model.measurements.security, found))
	not source_misconfiguration.satisfied with input as question
	source_misconfiguration.message == concat("", [
		"0 critical (limit 0) and 1 high (limit 0) misconfigurations, 1 sources not examined: ",
		"DS-0002 Dockerfile:3: high: Image user should not be 'root', infrastructure: Failed to load module: Terraform that is not whole",
	]) with input as question
	not source_misconfiguration.satisfied with input as examined("1", none, none)
}

test_silence_is_not_safe if {
	every question in [fixture.silent, fixture.digressing] { not source_misconfiguration.satisfied with input as question }
}

test_garbage_is_not_safe if {
	every text in fixture.garbage {
		not source_misconfiguration.satisfied with input as examined(text, none, none)
		every severity in ["critical", "high"] {
			not source_misconfiguration.satisfied with input as examined("0", object.union(none, {severity: text}), none)
			not source_misconfiguration.satisfied with input as examined("0", none, object.union(none, {severity: text}))
		}
	}
}
