package model.dataset.prevalence_test

import data.fixture
import data.model.dataset.prevalence

difference(low, value, high) := fixture.measured("dataset", [fixture.interval("prevalence_difference", low, value, high)])

test_a_difference_within_the_limit_satisfies if {
	prevalence.satisfied with input as difference("-0.15", "0", "0.15")
	not prevalence.inconclusive with input as fixture.digressing
}

test_a_difference_that_may_be_larger_is_inconclusive if {
	every question in [difference("0.1", "0.14", "0.18"), difference("-0.18", "-0.14", "-0.1"), difference("-0.4", "0", "0.4")] {
		not prevalence.satisfied with input as question
		prevalence.inconclusive with input as question
	}
}

test_a_larger_one_fails if {
	every question in [difference("0.16", "0.2", "0.24"), difference("-0.24", "-0.2", "-0.16")] {
		not prevalence.satisfied with input as question
		not prevalence.inconclusive with input as question
	}
	prevalence.message == "the share of events differs by 0.2 (95% interval 0.16 to 0.24, n = 100) between holdout and training, limit 0.15 either way" with input as difference("0.16", "0.2", "0.24")
}

test_an_unreadable_interval_decides_nothing if {
	every m in fixture.spoilt("prevalence_difference", "") {
		not prevalence.satisfied with input as fixture.measured("dataset", [m])
		not prevalence.inconclusive with input as fixture.measured("dataset", [m])
	}
}

test_silence_is_no_comparison if {
	every question in [fixture.silent, fixture.digressing] { not prevalence.satisfied with input as question }
}
