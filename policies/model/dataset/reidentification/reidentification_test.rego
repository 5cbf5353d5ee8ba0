package model.dataset.reidentification_test

import data.fixture
import data.model.dataset.reidentification

counted(cells) := fixture.measured("dataset", [fixture.number("cells_under_11", cells)])

test_no_small_cell_satisfies if reidentification.satisfied with input as counted("0")

test_a_small_cell_fails_and_its_size_is_not_told if {
	not reidentification.satisfied with input as counted("3")
	reidentification.message == "3 groups of patients of one cohort and age band have fewer than 11 members, limit 0" with input as counted("3")
}

test_where_no_patient_is_served_small_cells_are_counted if {
	every profile in ["development", "staging"] {
		reidentification.satisfied with input as fixture.in_profile(counted("3"), profile)
		not reidentification.satisfied with input as fixture.in_profile(fixture.digressing, profile)
	}
}

test_an_unknown_profile_tolerates_nothing if {
	not reidentification.satisfied with input as fixture.in_profile(counted("3"), "productoin")
}

test_silence_hides_nobody if {
	every question in [fixture.silent, fixture.digressing] { not reidentification.satisfied with input as question }
}

test_garbage_hides_nobody if {
	every text in fixture.garbage {
		not reidentification.satisfied with input as counted(text)
		not reidentification.satisfied with input as fixture.in_profile(counted(text), "development")
	}
}
