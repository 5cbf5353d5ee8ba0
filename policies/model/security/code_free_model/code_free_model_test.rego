package model.security.code_free_model_test

import data.fixture
import data.model.security.code_free_model

files(text) := fixture.measured("security", [fixture.number("code_carrying_files", text)])

test_no_code_satisfies if code_free_model.satisfied with input as files("0")

test_a_pickle_fails_and_is_named if {
	named := fixture.explained("code_carrying_file", "model.bin", "1", "pickle")
	question := fixture.measured("security", array.concat(files("1").model.measurements.security, [named]))
	not code_free_model.satisfied with input as question
	code_free_model.message == "1 files of the model can run code when they are loaded: model.bin (pickle)" with input as question
}

test_silence_may_carry_code if {
	every question in [fixture.silent, fixture.digressing] { not code_free_model.satisfied with input as question }
}

test_garbage_may_carry_code if {
	every text in fixture.garbage { not code_free_model.satisfied with input as files(text) }
}
