package model.dataset.adjudication_test

import data.fixture
import data.model.dataset.adjudication

said(stated, raters) := [fixture.number("adjudication_stated", stated), fixture.number("raters", raters)]

alone(stated, raters) := fixture.measured("dataset", said(stated, raters))

dual(low, kappa, high) := fixture.measured("dataset", array.concat(said("1", "2"), [fixture.interval("kappa", low, kappa, high)]))

test_a_stated_method_satisfies if adjudication.satisfied with input as alone("1", "0")

test_an_unstated_one_fails if {
	not adjudication.satisfied with input as alone("0", "0")
	adjudication.message == "the contract does not say how the outcome was established" with input as alone("0", "0")
	not adjudication.inconclusive with input as alone("0", "0")
}

test_readers_who_agree_satisfy if adjudication.satisfied with input as dual("0.6", "0.7", "0.8")

test_readers_who_may_agree_are_inconclusive if {
	not adjudication.satisfied with input as dual("0.5", "0.62", "0.74")
	adjudication.inconclusive with input as dual("0.5", "0.62", "0.74")
	adjudication.message == "two readers agree with a kappa of 0.62 (95% interval 0.5 to 0.74, n = 100), limit 0.6" with input as dual("0.5", "0.62", "0.74")
}

test_readers_who_do_not_fail if {
	not adjudication.satisfied with input as dual("0.1", "0.3", "0.5")
	not adjudication.inconclusive with input as dual("0.1", "0.3", "0.5")
}

test_readers_who_use_one_word_fail_and_it_is_said_why if {
	question := fixture.measured("dataset", array.concat(said("1", "2"), [fixture.explained("kappa", "", "", "the ratio is 0/0: one word for all")]))
	not adjudication.satisfied with input as question
	adjudication.message == "how far two readers agree cannot be told: the ratio is 0/0: one word for all" with input as question
}

test_readers_whom_nobody_compared_fail if not adjudication.satisfied with input as alone("1", "2")

test_garbage_agrees_with_nobody if {
	every text in fixture.garbage {
		not adjudication.satisfied with input as alone(text, "0")
		not adjudication.satisfied with input as alone("1", text)
	}
	every m in fixture.spoilt("kappa", "") {
		not adjudication.satisfied with input as fixture.measured("dataset", array.concat(said("1", "2"), [m]))
		not adjudication.inconclusive with input as fixture.measured("dataset", array.concat(said("1", "2"), [m]))
	}
}

test_silence_is_not_a_method if {
	every question in [fixture.silent, fixture.digressing] { not adjudication.satisfied with input as question }
}
