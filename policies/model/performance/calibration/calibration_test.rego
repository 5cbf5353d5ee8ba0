package model.performance.calibration_test

import data.fixture
import data.model.performance.calibration

slope(low, value, high) := fixture.measured("performance", [fixture.interval("calibration_slope", low, value, high)])

test_an_interval_within_the_limits_satisfies if calibration.satisfied with input as slope("0.8", "1", "1.2")

test_an_interval_that_reaches_out_is_inconclusive if {
	every question in [slope("0.7", "1", "1.1"), slope("0.9", "1", "1.3"), slope("0.5", "1", "1.5")] {
		not calibration.satisfied with input as question
		calibration.inconclusive with input as question
	}
}

test_an_interval_outside_fails if {
	every question in [slope("0.3", "0.4", "0.5"), slope("1.5", "1.6", "1.7")] {
		not calibration.satisfied with input as question
		not calibration.inconclusive with input as question
	}
	calibration.message == "calibration slope may lie outside 0.8 to 1.2: 0.4 (95% interval 0.3 to 0.5, n = 100)" with input as slope("0.3", "0.4", "0.5")
}

test_where_it_need_not_be_proven_a_near_point_satisfies if {
	calibration.satisfied with input as fixture.in_profile(slope("0.5", "1", "1.5"), "staging")
}

test_where_it_need_not_be_proven_a_far_point_is_inconclusive if {
	every question in [slope("0.4", "0.69", "1"), slope("1", "1.31", "1.6")] {
		not calibration.satisfied with input as fixture.in_profile(question, "staging")
		calibration.inconclusive with input as fixture.in_profile(question, "staging")
	}
}

test_where_it_need_not_be_proven_an_interval_outside_still_fails if {
	question := fixture.in_profile(slope("1.21", "1.25", "1.3"), "staging")
	not calibration.satisfied with input as question
	not calibration.inconclusive with input as question
}

test_survival_has_no_slope if {
	calibration.satisfied with input as fixture.with_facts(fixture.silent, {"task": "survival"})
}

test_silence_is_not_calibrated if {
	every question in [fixture.silent, fixture.digressing] {
		not calibration.satisfied with input as question
		not calibration.inconclusive with input as question
	}
}

test_an_unreadable_interval_is_not_calibrated if {
	every spoilt in fixture.spoilt("calibration_slope", "") {
		every profile in ["production", "staging"] {
			question := fixture.in_profile(fixture.measured("performance", [spoilt]), profile)
			not calibration.satisfied with input as question
			not calibration.inconclusive with input as question
		}
	}
}
