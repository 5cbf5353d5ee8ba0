package model.bias.intersections_test

import data.fixture
import data.model.bias.intersections

crossed(columns, gaps) := fixture.measured("bias", array.concat([fixture.number("group_columns", columns)], gaps))

gap(pair, low, value, high) := object.union(
	fixture.interval_about("intersectional_sensitivity_gap", pair, low, value, high),
	{"method": "72 cells"},
)

small := [gap("sex,race", "0", "0.05", "0.15"), gap("sex,site", "0", "0", "0.1"), gap("race,site", "0", "0", "0.1")]

test_gaps_below_the_limit_satisfy if intersections.satisfied with input as crossed("3", small)

test_fewer_than_two_columns_do_not_cross if {
	intersections.satisfied with input as crossed("0", [])
	intersections.satisfied with input as crossed("1", [])
}

test_an_interval_that_holds_the_limit_is_inconclusive if {
	question := crossed("2", [gap("sex,race", "0", "0.05", "0.4")])
	not intersections.satisfied with input as question
	intersections.inconclusive with input as question
	intersections.message == "sensitivity may differ by more than 0.15 between patients of two cohorts at once: the shrunk gap over sex,race is 0.05 (95% interval 0 to 0.4, n = 100)" with input as question
	short := [fixture.about("positives_needed", "sex,race", "40"), fixture.about("patients_needed", "sex,race", "160")]
	endswith(intersections.message, "; 40 more patients with the event in the smallest cohort of sex,race, 160 patients in all, would settle it") with input as crossed("2", array.concat([gap("sex,race", "0", "0.05", "0.4")], short))
}

test_columns_that_cannot_be_crossed_are_inconclusive if {
	question := crossed("2", [gap("sex,race", "0", "", "1")])
	not intersections.satisfied with input as question
	intersections.inconclusive with input as question
	endswith(intersections.message, "the shrunk gap over sex,race is unknown (72 cells)") with input as question
}

test_a_gap_beyond_the_limit_fails if {
	question := crossed("2", [gap("sex,race", "0.2", "0.3", "0.4")])
	not intersections.satisfied with input as question
	not intersections.inconclusive with input as question
}

test_a_pair_that_nobody_crossed_is_not_looked_at if {
	every question in [crossed("2", []), crossed("3", [small[0]]), crossed("1", [small[0]])] {
		not intersections.satisfied with input as question
		not intersections.message with input as question
	}
}

test_silence_crosses_nothing if {
	every question in [fixture.silent, fixture.digressing] {
		not intersections.satisfied with input as question
		not intersections.inconclusive with input as question
	}
}

test_an_unreadable_gap_is_none if {
	every spoilt in fixture.spoilt("intersectional_sensitivity_gap", "sex,race") {
		not intersections.satisfied with input as crossed("2", [spoilt])
		not intersections.inconclusive with input as crossed("2", [spoilt])
	}
	every text in fixture.garbage {
		not intersections.satisfied with input as crossed(text, [])
	}
}

test_survival_has_no_threshold if {
	intersections.satisfied with input as fixture.with_facts(fixture.silent, {"task": "survival"})
}
