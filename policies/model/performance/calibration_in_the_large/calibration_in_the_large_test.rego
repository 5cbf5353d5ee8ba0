package model.performance.calibration_in_the_large_test

import data.fixture
import data.model.performance.calibration_in_the_large

asked(intercept, ratio) := fixture.measured("performance", [
	fixture.interval("calibration_in_the_large", intercept[0], intercept[1], intercept[2]),
	fixture.interval("oe_ratio", ratio[0], ratio[1], ratio[2]),
])

test_either_interval_within_its_limits_satisfies if {
	calibration_in_the_large.satisfied with input as asked(["-0.2", "0", "0.2"], ["0.7", "1", "1.4"])
	calibration_in_the_large.satisfied with input as asked(["-0.5", "0", "0.5"], ["0.8", "1", "1.25"])
}

wide := asked(["-0.5", "0.2", "0.9"], ["0.7", "1.25", "1.6"])

test_intervals_that_reach_out_are_inconclusive if {
	every question in [wide, asked(["-0.3", "0", "0.1"], ["2", "3", "4"]), asked(["1", "2", "3"], ["0.9", "1", "1.3"])] {
		not calibration_in_the_large.satisfied with input as question
		calibration_in_the_large.inconclusive with input as question
	}
}

test_intervals_outside_fail if {
	every question in [asked(["0.3", "0.4", "0.5"], ["1.3", "1.4", "1.5"]), asked(["-0.5", "-0.4", "-0.3"], ["0.5", "0.6", "0.7"])] {
		every profile in ["production", "staging"] {
			not calibration_in_the_large.satisfied with input as fixture.in_profile(question, profile)
			not calibration_in_the_large.inconclusive with input as fixture.in_profile(question, profile)
		}
	}
	calibration_in_the_large.message == "calibration in the large may lie further than 0.2 from 0: 0.4 (95% interval 0.3 to 0.5, n = 100); observed over expected events 1.4 (95% interval 1.3 to 1.5, n = 100), limits 0.8 to 1.25" with input as asked(["0.3", "0.4", "0.5"], ["1.3", "1.4", "1.5"])
}

test_where_it_need_not_be_proven_a_near_point_satisfies if {
	every question in [wide, asked(["-0.9", "-0.2", "0.5"], ["0.1", "0.2", "0.9"]), asked(["-0.9", "-0.3", "0.5"], ["0.7", "0.8", "0.9"])] {
		calibration_in_the_large.satisfied with input as fixture.in_profile(question, "staging")
	}
}

test_where_it_need_not_be_proven_a_far_point_is_inconclusive if {
	every question in [asked(["-0.5", "0.21", "0.9"], ["0.7", "1.26", "1.6"]), asked(["-0.9", "-0.21", "0.5"], ["0.7", "0.79", "1.6"])] {
		not calibration_in_the_large.satisfied with input as fixture.in_profile(question, "staging")
		calibration_in_the_large.inconclusive with input as fixture.in_profile(question, "staging")
	}
}

test_silence_is_not_calibrated if {
	every question in [fixture.silent, fixture.digressing] {
		not calibration_in_the_large.satisfied with input as question
		not calibration_in_the_large.inconclusive with input as question
		not calibration_in_the_large.message with input as question
	}
}

test_one_unreadable_interval_spoils_both if {
	other := {"calibration_in_the_large": "oe_ratio", "oe_ratio": "calibration_in_the_large"}
	good := {
		"calibration_in_the_large": fixture.interval("calibration_in_the_large", "-0.1", "0", "0.1"),
		"oe_ratio": fixture.interval("oe_ratio", "0.9", "1", "1.1"),
	}
	every name, rest in other {
		every spoilt in fixture.spoilt(name, "") {
			every profile in ["production", "staging"] {
				question := fixture.in_profile(fixture.measured("performance", [good[rest], spoilt]), profile)
				not calibration_in_the_large.satisfied with input as question
				not calibration_in_the_large.inconclusive with input as question
			}
		}
	}
}

test_survival_predicts_no_probability if {
	calibration_in_the_large.satisfied with input as fixture.with_facts(fixture.silent, {"task": "survival"})
}
