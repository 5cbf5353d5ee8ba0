package model.dataset.development_size_test

import data.fixture
import data.model.dataset.development_size

required(text) := fixture.measured("dataset", [fixture.number("development_n_required", text)])

test_enough_patients_satisfy if development_size.satisfied with input as required("100")

test_one_too_few_fails if {
	not development_size.satisfied with input as required("101")
	development_size.message == "developed on 100 patients, and its parameters ask for 101" with input as required("101")
}

test_where_no_patient_is_served_the_number_is_known if {
	every profile in ["development", "staging"] {
		development_size.satisfied with input as fixture.in_profile(required("5000"), profile)
		not development_size.satisfied with input as fixture.in_profile(fixture.digressing, profile)
	}
}

test_an_unknown_profile_tolerates_nothing if not development_size.satisfied with input as fixture.in_profile(required("101"), "productoin")

test_garbage_asks_for_more if {
	every text in fixture.garbage {
		not development_size.satisfied with input as required(text)
		not development_size.satisfied with input as fixture.in_profile(required(text), "development")
	}
}

test_silence_is_not_enough if {
	every question in [fixture.silent, fixture.digressing] { not development_size.satisfied with input as question }
}
