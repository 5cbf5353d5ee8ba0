package model.security.model_formats_test

import data.fixture
import data.model.security.model_formats

# holding asks about a model of so many files, of these formats.
holding(files, formats) := fixture.measured("security", array.concat(
	[fixture.number("model_files", files)],
	[fixture.explained("model_format", format, text, "model.bin") | some format, text in formats],
))

test_agreed_formats_satisfy if model_formats.satisfied with input as holding("3", {"json": "2", "safetensors": "1"})

test_a_pickle_fails_and_is_named if {
	question := holding("2", {"json": "1", "pickle": "1"})
	not model_formats.satisfied with input as question
	model_formats.message == "of 2 files of the model these have no agreed format: 1 pickle (such as model.bin); agreed are json, onnx, safetensors, text, xgboost-json" with input as question
}

test_what_nobody_knows_fails if not model_formats.satisfied with input as holding("1", {"unknown": "1"})

test_development_agrees_on_more if {
	question := holding("1", {"numpy": "1"})
	not model_formats.satisfied with input as question
	model_formats.satisfied with input as fixture.in_profile(question, "development")
	not model_formats.satisfied with input as fixture.in_profile(question, "elsewhere")
}

test_a_file_without_a_format_fails if {
	not model_formats.satisfied with input as holding("2", {"json": "1"})
	not model_formats.satisfied with input as holding("1", {"json": "1", "onnx": "1"})
}

test_a_model_without_files_was_not_inspected if not model_formats.satisfied with input as holding("0", {})

test_silence_has_no_format if {
	every question in [fixture.silent, fixture.digressing] { not model_formats.satisfied with input as question }
}

test_garbage_has_no_format if {
	every text in fixture.garbage {
		not model_formats.satisfied with input as holding(text, {"json": "1"})
		not model_formats.satisfied with input as holding("1", {"json": text})
	}
}
