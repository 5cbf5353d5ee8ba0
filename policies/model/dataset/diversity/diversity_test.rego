package model.dataset.diversity_test

import data.fixture
import data.model.dataset.diversity

uniform(cells) := fixture.measured("dataset", [fixture.number("uniform_cells", cells)])

test_groups_of_both_outcomes_satisfy if diversity.satisfied with input as uniform("0")

test_a_group_of_one_outcome_fails if {
	not diversity.satisfied with input as uniform("2")
	startswith(diversity.message, "all members of 2 groups of one cohort and age band had the same outcome") with input as uniform("2")
}

test_garbage_keeps_no_secret if {
	every text in fixture.garbage { not diversity.satisfied with input as uniform(text) }
}

test_silence_is_not_diversity if {
	every question in [fixture.silent, fixture.digressing] { not diversity.satisfied with input as question }
}
