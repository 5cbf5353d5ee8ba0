package model.compliance.selftest_test

import data.fixture
import data.model.compliance.selftest

clean := [fixture.number("self_test_vectors", "20"), fixture.number("self_test_failures", "0")]

asked(measurements) := fixture.measured("compliance", measurements)

instead(others) := asked(fixture.instead(clean, others))

test_a_program_that_answers_as_published_satisfies if {
	selftest.satisfied with input as asked(clean)
	selftest.satisfied with input as instead([fixture.number("self_test_vectors", "12")])
}

test_a_wrong_answer_fails_and_is_named if {
	question := instead([fixture.number("self_test_failures", "1"), fixture.about("self_test_failure", "Brier score", "1")])
	not selftest.satisfied with input as question
	selftest.message == "1 of 20 reference vectors are answered otherwise than published (Brier score), limit 0 of at least 12" with input as question
}

test_few_questions_prove_little if not selftest.satisfied with input as instead([fixture.number("self_test_vectors", "11")])

test_silence_is_no_self_test if {
	every question in [fixture.silent, fixture.digressing] {
		not selftest.satisfied with input as question
		not selftest.message with input as question
	}
}

# Each measurement is needed, alone and readable.
test_whatever_is_missing_or_garbage_is_no_self_test if {
	every m in clean {
		not selftest.satisfied with input as asked([other | some other in clean; other != m])
		not selftest.satisfied with input as asked(array.concat(clean, [m]))
		every text in fixture.garbage { not selftest.satisfied with input as instead([fixture.about(m.name, m.group, text)]) }
	}
}
