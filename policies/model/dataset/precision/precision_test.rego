package model.dataset.precision_test

import data.fixture
import data.model.dataset.precision

ranked(name, low, high) := fixture.measured("performance", [fixture.interval(name, low, "0.8", high)])

survival(question) := fixture.with_facts(question, {"task": "survival"})

test_a_narrow_interval_satisfies if {
	precision.satisfied with input as ranked("auroc", "0.76", "0.85")
	precision.satisfied with input as survival(ranked("c_index", "0.76", "0.85"))
}

test_a_wide_one_fails if {
	not precision.satisfied with input as ranked("auroc", "0.7", "0.9")
	precision.message == "the interval of the C-statistic is 0.2 wide, limit 0.1" with input as ranked("auroc", "0.7", "0.9")
	not precision.satisfied with input as survival(ranked("c_index", "0.7", "0.9"))
}

test_the_number_of_another_task_is_none if {
	not precision.satisfied with input as ranked("c_index", "0.76", "0.85")
	not precision.satisfied with input as survival(ranked("auroc", "0.76", "0.85"))
}

test_an_unreadable_interval_is_not_narrow if {
	every m in fixture.spoilt("auroc", "") { not precision.satisfied with input as fixture.measured("performance", [m]) }
}

test_silence_is_not_precise if {
	every question in [fixture.silent, fixture.digressing] { not precision.satisfied with input as question }
}
