package lib_test

import data.fixture
import data.lib

missing_patients(positives, patients) := fixture.measured("bias", [
	fixture.about("positives_needed", "sex", positives),
	fixture.about("patients_needed", "sex", patients),
])

test_what_is_lacking_is_told_in_positives_and_patients if {
	lib.lacking("sex") == "; 40 more patients with the event in the smallest cohort of sex, 160 patients in all, would settle it" with input as missing_patients("40", "160")
	lib.lacking("site") == "" with input as missing_patients("40", "160")
	lib.lacking("sex") == "" with input as missing_patients("0", "0")
	lib.lacking("sex") == "" with input as missing_patients("40", "")
}

nothing_known := object.union(fixture.interval_about("ppv_ratio", "sex", "0", "", "1"), {"method": "0/0"})

test_a_number_that_could_not_be_had_may_be_anything if {
	lib.bounds(nothing_known) == [0, 1]
	lib.told(nothing_known) == "unknown (0/0)"
	not lib.bounds(object.union(nothing_known, {"method": ""}))
	not lib.bounds(object.union(nothing_known, {"low": "0.9"}))
	not lib.told(object.union(nothing_known, {"high": "0.9"}))
}

test_what_is_known_has_its_own_bounds if {
	known := fixture.interval_about("ppv_ratio", "sex", "0.7", "0.8", "0.9")
	lib.bounds(known) == [0.7, 0.9]
	lib.told(known) == "0.8 (95% interval 0.7 to 0.9, n = 100)"
}

test_every_column_is_looked_at_or_none if {
	columns := fixture.number("group_columns", "1")
	lib.looked_at("ppv_ratio") == [nothing_known] with input as fixture.measured("bias", [columns, nothing_known])
	not lib.looked_at("npv_ratio") with input as fixture.measured("bias", [columns, nothing_known])
	every spoilt in fixture.spoilt("ppv_ratio", "sex") {
		not lib.looked_at("ppv_ratio") with input as fixture.measured("bias", [columns, spoilt])
	}
}
