package model.performance.latency_test

import data.fixture
import data.model.performance.latency

timed(request, load) := fixture.measured("performance", [named("predict_seconds_p95", request), named("load_seconds", load)])

named(name, [low, value, high]) := fixture.interval(name, low, value, high)

named(name, [value]) := fixture.number(name, value)

soon := ["0", "0.1", "1"]

test_both_in_time_satisfies if latency.satisfied with input as timed(soon, ["5", "10", "100"])

test_an_interval_that_holds_a_limit_is_inconclusive if {
	every question in [timed(["1", "2", "5"], soon), timed(soon, ["100", "100", "200"]), timed(["0.5", "1", "2"], ["50", "100", "200"])] {
		not latency.satisfied with input as question
		latency.inconclusive with input as question
	}
}

test_one_that_is_slow_fails if {
	every question in [timed(["2", "2", "5"], soon), timed(soon, ["200", "200", "500"])] {
		not latency.satisfied with input as question
		not latency.inconclusive with input as question
	}
	latency.message == "95 of 100 requests take at most 5 s, limit 1 s; half of the loads take at most 1 s, limit 100 s" with input as timed(["2", "2", "5"], soon)
}

test_too_few_requests_settle_nothing if {
	not latency.satisfied with input as timed(["0.5"], soon)
	latency.inconclusive with input as timed(["0.5"], soon)
	latency.inconclusive with input as timed(soon, ["100"])
	not latency.inconclusive with input as timed(["2"], soon)
	not latency.inconclusive with input as timed(soon, ["200"])
	latency.message == "95 of 100 requests take at most 0.5 s or more: 100 are too few to tell, limit 1 s; half of the loads take at most 1 s, limit 100 s" with input as timed(["0.5"], soon)
}

test_silence_is_no_speed if {
	one := fixture.measured("performance", [named("predict_seconds_p95", soon)])
	other := fixture.measured("performance", [named("load_seconds", soon)])
	every question in [fixture.silent, fixture.digressing, one, other] {
		not latency.satisfied with input as question
		not latency.inconclusive with input as question
		not latency.message with input as question
	}
}

test_garbage_is_no_speed if {
	every spoilt in fixture.spoilt("predict_seconds_p95", "") {
		question := fixture.measured("performance", [spoilt, named("load_seconds", soon)])
		not latency.satisfied with input as question
		not latency.inconclusive with input as question
	}
	every spoilt in fixture.spoilt("load_seconds", "") {
		question := fixture.measured("performance", [spoilt, named("predict_seconds_p95", soon)])
		not latency.satisfied with input as question
		not latency.inconclusive with input as question
	}
}
