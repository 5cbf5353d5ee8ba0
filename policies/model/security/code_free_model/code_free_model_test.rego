package model.security.code_free_model_test

import data.fixture
import data.model.security.code_free_model

files(text) := fixture.measured("security", [fixture.number("code_carrying_files", text)])

test_no_code_satisfies if code_free_model.satisfied with input as files("0")

test_a_pickle_fails if {
	not code_free_model.satisfied with input as files("1")
	code_free_model.message == "1 files of the model can run code when they are loaded" with input as files("1")
}

test_silence_may_carry_code if {
	every question in [fixture.silent, fixture.digressing] { not code_free_model.satisfied with input as question }
}

test_garbage_may_carry_code if {
	every text in fixture.garbage { not code_free_model.satisfied with input as files(text) }
}
