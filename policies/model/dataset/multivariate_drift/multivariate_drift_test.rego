package model.dataset.multivariate_drift_test

import data.fixture
import data.model.dataset.multivariate_drift

told(low, value, high) := fixture.measured("dataset", [fixture.interval("domain_classifier_auroc", low, value, high)])

test_a_classifier_that_guesses_satisfies if multivariate_drift.satisfied with input as told("0.45", "0.5", "0.625")

test_one_that_may_know_is_inconclusive if {
	not multivariate_drift.satisfied with input as told("0.4", "0.55", "0.7")
	multivariate_drift.inconclusive with input as told("0.4", "0.55", "0.7")
}

test_one_that_knows_fails if {
	question := told("0.63", "0.7", "0.77")
	not multivariate_drift.satisfied with input as question
	not multivariate_drift.inconclusive with input as question
	multivariate_drift.message == "a classifier tells holdout from training with an AUROC of 0.7 (95% interval 0.63 to 0.77, n = 100), limit 0.625" with input as question
}

test_an_unreadable_interval_decides_nothing if {
	every m in fixture.spoilt("domain_classifier_auroc", "") {
		not multivariate_drift.satisfied with input as fixture.measured("dataset", [m])
		not multivariate_drift.inconclusive with input as fixture.measured("dataset", [m])
	}
}

test_silence_is_no_comparison if {
	every question in [fixture.silent, fixture.digressing] { not multivariate_drift.satisfied with input as question }
}
