package model.compliance.processors_test

import data.fixture
import data.model.compliance.processors

clean := [fixture.number("processors_listed", "1"), fixture.number("processor_fields_missing", "0"), fixture.number("processors", "1"), until(fixture.next_year)]

until(instant) := fixture.about("processor_expires", "processors[0] Cloud", instant)

asked(measurements) := fixture.measured("compliance", measurements)

instead(others) := asked(fixture.instead(clean, others))

test_an_agreement_that_holds_satisfies if processors.satisfied with input as asked(clean)

test_nobody_satisfies_where_somebody_says_so if {
	nobody := [fixture.number("processors_listed", "1"), fixture.number("processor_fields_missing", "0"), fixture.number("processors", "0")]
	processors.satisfied with input as asked(nobody)
	unsaid := asked(fixture.instead(nobody, [fixture.number("processors_listed", "0")]))
	not processors.satisfied with input as unsaid
	startswith(processors.message, "processors are listed: 0 of 1; ") with input as unsaid
}

test_an_agreement_that_has_ended_fails_and_is_named if {
	question := instead([until(fixture.now)])
	not processors.satisfied with input as question
	processors.message == "processors are listed: 1 of 1; of 1, agreements that do not hold: 1 (processors[0] Cloud: 2026-11-23T12:00:00Z); fields that say nothing: 0" with input as question
}

test_an_agreement_without_an_end_fails if {
	question := instead([fixture.explained("processor_expires", "processors[0] Cloud", "", "no date is given")])
	not processors.satisfied with input as question
	contains(processors.message, "(processors[0] Cloud: no date is given)") with input as question
}

test_a_processor_without_a_name_fails if {
	question := instead([fixture.number("processor_fields_missing", "1"), fixture.about("processor_field_missing", "processors[0].name", "1")])
	not processors.satisfied with input as question
	endswith(processors.message, "fields that say nothing: 1 (processors[0].name)") with input as question
}

test_silence_is_no_agreement if {
	every question in [fixture.silent, fixture.digressing] {
		not processors.satisfied with input as question
		not processors.message with input as question
	}
}

# Each measurement is needed, alone and readable.
test_whatever_is_missing_or_garbage_is_no_agreement if {
	every m in clean {
		not processors.satisfied with input as asked([other | some other in clean; other != m])
		not processors.satisfied with input as asked(array.concat(clean, [m]))
		every text in fixture.garbage { not processors.satisfied with input as instead([fixture.about(m.name, m.group, text)]) }
	}
}
