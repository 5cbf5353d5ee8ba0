package model.performance.horizon_calibration_test

import data.fixture
import data.model.performance.horizon_calibration

surviving(measurements) := fixture.with_facts(fixture.measured("performance", measurements), {"task": "survival"})

happened(low, value, high) := surviving([fixture.number("horizons", "1"), fixture.interval("oe_ratio_at_horizon", low, value, high)])

test_an_interval_within_the_limits_satisfies if horizon_calibration.satisfied with input as happened("0.8", "1.2", "1.25")

test_an_interval_that_reaches_out_is_inconclusive if {
	every question in [happened("0.7", "1", "1.2"), happened("0.9", "1", "1.3"), happened("1.25", "1.4", "1.6"), happened("0.5", "0.6", "0.8")] {
		not horizon_calibration.satisfied with input as question
		horizon_calibration.inconclusive with input as question
	}
}

test_an_interval_outside_fails if {
	every question in [happened("0.5", "0.6", "0.7"), happened("1.3", "1.4", "1.5")] {
		every profile in ["production", "staging"] {
			not horizon_calibration.satisfied with input as fixture.in_profile(question, profile)
			not horizon_calibration.inconclusive with input as fixture.in_profile(question, profile)
		}
	}
	horizon_calibration.message == "observed over expected events by the horizon may lie outside 0.8 to 1.25: 1.4 (95% interval 1.3 to 1.5, n = 100)" with input as happened("1.3", "1.4", "1.5")
}

test_where_it_need_not_be_proven_a_near_point_satisfies if {
	every question in [happened("0.6", "0.9", "1.4"), happened("0.7", "1.1", "1.6")] {
		horizon_calibration.satisfied with input as fixture.in_profile(question, "staging")
	}
}

test_where_it_need_not_be_proven_a_far_point_is_inconclusive if {
	every question in [happened("0.6", "0.89", "1.4"), happened("0.7", "1.11", "1.6")] {
		not horizon_calibration.satisfied with input as fixture.in_profile(question, "staging")
		horizon_calibration.inconclusive with input as fixture.in_profile(question, "staging")
	}
}

test_without_a_horizon_there_is_no_risk_to_judge if {
	horizon_calibration.satisfied with input as surviving([fixture.number("horizons", "0")])
}

test_silence_is_not_calibrated if {
	every question in [fixture.silent, fixture.digressing] {
		spoken := fixture.with_facts(question, {"task": "survival"})
		not horizon_calibration.satisfied with input as spoken
		not horizon_calibration.inconclusive with input as spoken
		not horizon_calibration.message with input as spoken
	}
}

test_garbage_is_not_calibrated if {
	every spoilt in fixture.spoilt("oe_ratio_at_horizon", "") {
		every profile in ["production", "staging"] {
			question := fixture.in_profile(surviving([fixture.number("horizons", "1"), spoilt]), profile)
			not horizon_calibration.satisfied with input as question
			not horizon_calibration.inconclusive with input as question
		}
	}
	every text in fixture.garbage {
		not horizon_calibration.satisfied with input as surviving([fixture.number("horizons", text)])
	}
}

test_a_binary_outcome_has_no_horizon if horizon_calibration.satisfied with input as fixture.silent
