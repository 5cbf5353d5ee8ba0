package model.security.secrets_in_change_test

import data.fixture
import data.model.security.secrets_in_change

found(secrets, unread) := fixture.measured("security", [
	fixture.number("secrets_in_change", secrets), fixture.number("change_files_unread", unread),
	fixture.about("secret_in_change", "aws-access-key-id models/breast/config.json:3", "1"),
	fixture.about("change_file_unread", "models/breast/weights.bin", "1"),
])

test_a_change_without_secrets_satisfies if secrets_in_change.satisfied with input as found("0", "0")

test_a_secret_fails_and_its_place_is_named if {
	not secrets_in_change.satisfied with input as found("1", "0")
	secrets_in_change.message == "1 secrets in the change, 0 files too large to be searched: aws-access-key-id models/breast/config.json:3, models/breast/weights.bin" with input as found("1", "0")
}

test_what_was_not_searched_fails if not secrets_in_change.satisfied with input as found("0", "1")

test_silence_may_hide_a_secret if {
	every question in [fixture.silent, fixture.digressing] { not secrets_in_change.satisfied with input as question }
}

test_garbage_may_hide_a_secret if {
	every text in fixture.garbage {
		not secrets_in_change.satisfied with input as found(text, "0")
		not secrets_in_change.satisfied with input as found("0", text)
	}
}
