package model.dataset.informative_missingness_test

import data.fixture
import data.model.dataset.informative_missingness

missing(name, group, difference, p) := fixture.measured("dataset", [
	fixture.number("missing_differences", "1"),
	fixture.about(name, group, difference),
	fixture.about(concat("", [name, "_p_holm"]), group, p),
])

by_label(difference, p) := missing("missing_difference_by_label", "psa", difference, p)

by_group(difference, p) := missing("missing_difference_by_group", "psa:sex", difference, p)

test_no_missing_value_satisfies if {
	informative_missingness.satisfied with input as fixture.measured("dataset", [fixture.number("missing_differences", "0")])
}

test_a_small_difference_satisfies if {
	informative_missingness.satisfied with input as by_label("0.05", "0")
	informative_missingness.satisfied with input as by_group("-0.05", "0")
}

test_a_large_difference_that_chance_explains_satisfies if informative_missingness.satisfied with input as by_label("-0.5", "0.01")

test_a_large_difference_that_chance_does_not_explain_fails if {
	not informative_missingness.satisfied with input as by_label("0.4", "0.001")
	informative_missingness.message == "who misses a value is not left to chance, limit 0.05: psa 0.4" with input as by_label("0.4", "0.001")
	informative_missingness.message == "who misses a value is not left to chance, limit 0.05: psa:sex -0.06" with input as by_group("-0.06", "0.001")
}

test_a_group_too_small_to_compare_is_not_compared if {
	unmeasured := fixture.explained("missing_difference_by_group", "psa:sex", "", "there are no two groups to compare")
	informative_missingness.satisfied with input as fixture.measured("dataset", [fixture.number("missing_differences", "0"), unmeasured])
	not informative_missingness.satisfied with input as fixture.measured("dataset", [fixture.number("missing_differences", "1"), unmeasured])
}

test_garbage_is_not_left_to_chance if {
	every text in fixture.garbage {
		not informative_missingness.satisfied with input as by_label(text, "1")
		not informative_missingness.satisfied with input as by_label("0.5", text)
	}
}

test_silence_is_no_comparison if {
	every question in [fixture.silent, fixture.digressing] { not informative_missingness.satisfied with input as question }
}
