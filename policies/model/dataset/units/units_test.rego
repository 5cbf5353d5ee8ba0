package model.dataset.units_test

import data.fixture
import data.model.dataset.units

compared(ratio, p) := fixture.measured("dataset", [
	fixture.number("units_compared", "1"),
	fixture.about("median_ratio", "creatinine", ratio),
	fixture.about("ks_p_holm", "creatinine", p),
])

test_medians_of_one_size_satisfy if {
	every ratio in ["0.334", "1", "3"] { units.satisfied with input as compared(ratio, "0") }
}

test_a_multiple_either_way_fails if {
	every ratio in ["0.33", "3.01", "88.4"] { not units.satisfied with input as compared(ratio, "0.001") }
	units.message == "values of the holdout are a multiple of those of training, limit 3 either way: creatinine 88.4 times" with input as compared("88.4", "0.001")
}

test_a_multiple_that_chance_explains_satisfies if units.satisfied with input as compared("5", "0.01")

test_a_column_that_nobody_compared_fails if {
	not units.satisfied with input as fixture.measured("dataset", [fixture.number("units_compared", "1")])
	units.satisfied with input as fixture.measured("dataset", [fixture.number("units_compared", "0")])
}

test_garbage_has_no_unit if {
	every text in fixture.garbage {
		not units.satisfied with input as compared(text, "1")
		not units.satisfied with input as compared("5", text)
	}
}

test_silence_is_no_comparison if {
	every question in [fixture.silent, fixture.digressing] { not units.satisfied with input as question }
}
