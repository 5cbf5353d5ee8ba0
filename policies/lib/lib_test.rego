package lib_test

import data.fixture
import data.lib

test_decimal_text_is_read if {
	lib.decimal("0.05") == 0.05
	lib.decimal("-12") == -12
	lib.decimal("0") == 0
}

test_no_other_text_is_a_number if {
	every text in fixture.garbage { not lib.decimal(text) }
}

test_only_text_is_a_number if {
	every other in [null, true, false, 1, ["1"], {"1": 1}] { not lib.decimal(other) }
}

# A reader that takes any length can be kept busy by whoever writes it.
test_text_longer_than_any_number_is_refused if {
	lib.decimal(sprintf("0.%s", [digits(1098)])) > 0
	not lib.decimal(sprintf("0.%s", [digits(1099)]))
}

# No float64 holds it, so it is no number and not an infinite one.
test_a_number_beyond_all_numbers_is_refused if not lib.decimal(digits(400))

digits(length) := concat("", ["1" | some _ in numbers.range(1, length)])

test_one_measurement_is_found_by_name_and_group if {
	question := fixture.measured("bias", [fixture.number("auroc", "1"), fixture.about("auroc", "sex=f", "2")])
	lib.value(lib.one("bias", "auroc", "sex=f")) == 2 with input as question
	lib.value(lib.overall("bias", "auroc")) == 1 with input as question
	count(lib.named("bias", "auroc")) == 2 with input as question
}

test_two_of_a_name_are_none if {
	question := fixture.measured("bias", [fixture.number("auroc", "1"), fixture.number("auroc", "1")])
	not lib.overall("bias", "auroc") with input as question
}

test_a_sum_needs_every_number if {
	lib.total("dataset", "rows") == 5 with input as fixture.measured("dataset", [fixture.about("rows", "a", "2"), fixture.about("rows", "b", "3")])
	not lib.total("dataset", "rows") with input as fixture.measured("dataset", [fixture.about("rows", "a", "2"), fixture.about("rows", "b", "")])
}

test_a_sum_of_nothing_is_not_none if {
	not lib.total("dataset", "rows") with input as fixture.digressing
	not lib.total("dataset", "rows") with input as fixture.silent
}

test_what_nobody_asked_for_need_not_be_counted if {
	lib.total_if_any("dataset", "rows") == 0 with input as fixture.digressing
	not lib.total_if_any("dataset", "rows") with input as fixture.silent
	lib.total_if_any("dataset", "rows") == 2 with input as fixture.measured("dataset", [fixture.about("rows", "a", "2")])
	not lib.total_if_any("dataset", "rows") with input as fixture.measured("dataset", [fixture.about("rows", "a", "2"), fixture.about("rows", "b", "")])
}

test_an_interval_lies_on_one_side_or_holds_the_limit if {
	m := fixture.interval("m", "0.4", "0.5", "0.6")
	lib.at_least(m, 0.4)
	not lib.at_least(m, 0.41)
	lib.at_most(m, 0.6)
	not lib.at_most(m, 0.59)
	lib.straddles(m, 0.5)
	not lib.straddles(m, 0.4)
	lib.exceeds_within(m, 0.5)
	not lib.exceeds_within(m, 0.6)
}

test_an_unreadable_interval_decides_nothing if {
	every m in fixture.spoilt("m", "") {
		not lib.at_least(m, -100)
		not lib.at_most(m, 100)
		not lib.straddles(m, 0.5)
		not lib.exceeds_within(m, 0.5)
	}
}

test_an_interval_is_told_with_its_number_of_patients if {
	lib.interval(fixture.interval("m", "0.41234", "0.5", "0.6")) == "0.5 (95% interval 0.412 to 0.6, n = 100)"
}

test_cohort_columns_are_compared_all_or_not_at_all if {
	sex := fixture.interval_about("gap", "sex", "0", "0.1", "0.2")
	site := fixture.interval_about("gap", "site", "0", "0.1", "0.2")
	columns := fixture.number("group_columns", "2")
	lib.per_column({"gap"}) == [sex, site] with input as fixture.measured("bias", [columns, sex, site])
	not lib.per_column({"gap"}) with input as fixture.measured("bias", [columns, sex])
	not lib.per_column({"gap"}) with input as fixture.measured("bias", [columns, sex, site, site])
	not lib.per_column({"gap"}) with input as fixture.measured("bias", [sex, site])
	not lib.per_column({"gap"}) with input as fixture.measured("bias", [columns, sex, fixture.about("gap", "site", "")])
}

test_an_unknown_profile_has_no_limits if {
	lib.limits.bias.cohorts_required == true with input as fixture.silent
	not lib.limits with input as fixture.in_profile(fixture.silent, "productoin")
}

test_the_task_is_a_fact if {
	lib.binary with input as fixture.measured("bias", [])
	not lib.survival with input as fixture.measured("bias", [])
	lib.survival with input as fixture.with_facts(fixture.silent, {"task": "survival"})
	not lib.binary with input as fixture.with_facts(fixture.silent, {"task": "binary "})
}

test_time_is_the_question_s if {
	lib.now == 1795435200 with input as fixture.silent
	not lib.now with input as object.union(fixture.silent, {"time": "now"})
}

test_a_gate_has_spoken_when_it_measured_something if {
	lib.measured("bias") with input as fixture.measured("bias", [fixture.number("group_columns", "0")])
	not lib.measured("bias") with input as fixture.measured("bias", [])
	not lib.measured("bias") with input as fixture.silent
}
