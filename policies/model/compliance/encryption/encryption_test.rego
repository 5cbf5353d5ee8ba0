package model.compliance.encryption_test

import data.fixture
import data.model.compliance.encryption

encrypted(key, tls, registry) := fixture.measured("compliance", [
	fixture.number("encryption_key", key),
	fixture.number("encryption_tls", tls),
	fixture.number("registry_protected", registry),
])

test_a_key_and_a_protected_way_satisfy if {
	encryption.satisfied with input as encrypted("1", "1.2", "1")
	encryption.satisfied with input as encrypted("1", "1.3", "1")
}

test_an_old_version_fails if {
	question := encrypted("1", "1.1", "1")
	not encryption.satisfied with input as question
	encryption.message == "key at rest named: 1 of 1; TLS 1.1, limit 1.2; way to the registry protected: 1 of 1" with input as question
}

test_no_version_fails if {
	question := encrypted("1", "", "1")
	not encryption.satisfied with input as question
	contains(encryption.message, "TLS unknown, limit 1.2") with input as question
}

test_no_key_fails if not encryption.satisfied with input as encrypted("0", "1.3", "1")

test_plain_http_fails if {
	question := fixture.measured("compliance", [
		fixture.number("encryption_key", "1"), fixture.number("encryption_tls", "1.3"),
		fixture.explained("registry_protected", "", "0", "plain HTTP"),
	])
	not encryption.satisfied with input as question
	endswith(encryption.message, "way to the registry protected: 0 of 1 (plain HTTP)") with input as question
}

test_silence_encrypts_nothing if {
	every question in [fixture.silent, fixture.digressing] {
		not encryption.satisfied with input as question
		not encryption.message with input as question
	}
}

test_garbage_encrypts_nothing if {
	every text in fixture.garbage {
		not encryption.satisfied with input as encrypted(text, "1.3", "1")
		not encryption.satisfied with input as encrypted("1", text, "1")
		not encryption.satisfied with input as encrypted("1", "1.3", text)
	}
}
