package model.performance.discrimination_test

import data.fixture
import data.model.performance.discrimination

ranked(low, value, high) := fixture.measured("performance", [fixture.interval("auroc", low, value, high)])

test_an_interval_above_the_limit_satisfies if discrimination.satisfied with input as ranked("0.9", "0.95", "0.98")

test_an_interval_that_holds_the_limit_is_inconclusive if {
	question := ranked("0.89", "0.95", "0.98")
	not discrimination.satisfied with input as question
	discrimination.inconclusive with input as question
}

test_an_interval_below_the_limit_fails if {
	question := ranked("0.7", "0.8", "0.89")
	not discrimination.satisfied with input as question
	not discrimination.inconclusive with input as question
	discrimination.message == "AUROC may be as low as 0.7, limit 0.9: 0.8 (95% interval 0.7 to 0.89, n = 100)" with input as question
}

test_silence_is_no_proof if {
	every question in [fixture.silent, fixture.digressing] {
		not discrimination.satisfied with input as question
		not discrimination.inconclusive with input as question
		not discrimination.message with input as question
	}
}

test_an_unreadable_interval_is_no_proof if {
	every spoilt in fixture.spoilt("auroc", "") {
		not discrimination.satisfied with input as fixture.measured("performance", [spoilt])
		not discrimination.inconclusive with input as fixture.measured("performance", [spoilt])
	}
}

test_two_measurements_contradict_each_other if {
	one := fixture.interval("auroc", "0.9", "0.95", "0.98")
	not discrimination.satisfied with input as fixture.measured("performance", [one, one])
}

# A risk is never known as well as a disease that is there.
test_risk_and_prognosis_have_a_limit_of_their_own if {
	every purpose in ["risk", "prognosis"] {
		discrimination.satisfied with input as fixture.with_facts(ranked("0.7", "0.8", "0.89"), {"purpose": purpose})
		not discrimination.satisfied with input as fixture.with_facts(ranked("0.69", "0.8", "0.89"), {"purpose": purpose})
	}
}

test_an_unknown_purpose_has_no_limit if {
	not discrimination.satisfied with input as fixture.with_facts(ranked("1", "1", "1"), {"purpose": "triage"})
}

test_survival_is_ranked_by_concordance if {
	discrimination.satisfied with input as fixture.with_facts(fixture.silent, {"task": "survival"})
}
