package model.performance.deterministic_test

import data.fixture
import data.model.performance.deterministic

scored(rows) := fixture.measured("performance", [fixture.number("unstable_scores", rows)])

test_the_same_scores_satisfy if deterministic.satisfied with input as scored("0")

test_other_scores_fail if {
	not deterministic.satisfied with input as scored("3")
	deterministic.message == "3 of 100 patients got another score the second time" with input as scored("3")
}

test_silence_is_no_repetition if {
	every question in [fixture.silent, fixture.digressing] {
		not deterministic.satisfied with input as question
		not deterministic.message with input as question
	}
}

test_garbage_is_no_repetition if {
	every text in fixture.garbage { not deterministic.satisfied with input as scored(text) }
}
