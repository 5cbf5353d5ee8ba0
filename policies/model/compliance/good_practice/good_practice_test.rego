package model.compliance.good_practice_test

import data.fixture
import data.model.compliance.good_practice

pointers := [fixture.about("practice_pointer", sprintf("principle %d[0]|performance.auroc|||", [number]), "1") | some number in [2, 3, 4, 5, 8]]

clean := array.concat([fixture.number("practice_faults", "0"), fixture.number("practice_pointers", "5")], pointers)

auroc := fixture.interval("auroc", "0.91", "0.94", "0.97")

asked(measurements) := fixture.asked({"performance": [auroc], "compliance": measurements})

instead(others) := asked(fixture.instead(clean, others))

test_ten_principles_that_are_kept_satisfy if good_practice.satisfied with input as asked(clean)

test_a_principle_that_is_not_kept_fails_and_is_named if {
	question := instead([fixture.number("practice_faults", "1"), fixture.about("practice_fault", "principle 7 is not there", "1")])
	not good_practice.satisfied with input as question
	good_practice.message == "1 of ten principles are not kept on record (principle 7 is not there); principles without evidence that need some: 0 ()" with input as question
}

test_some_principles_need_evidence if {
	every pointer in pointers {
		question := asked(fixture.instead([m | some m in clean; m != pointer], [fixture.number("practice_pointers", "4")]))
		not good_practice.satisfied with input as question
		contains(good_practice.message, "; principles without evidence that need some: 1 (") with input as question
	}
}

# Evidence of principle 20 or 12 is none of principle 2.
test_another_principle_s_evidence_does_not_count if {
	others := [fixture.about("practice_pointer", sprintf("principle %s[0]|performance.auroc|||", [number]), "1") | some number in ["20", "12", "3", "4", "5", "8"]]
	not good_practice.satisfied with input as instead(array.concat(others, [fixture.number("practice_pointers", "6")]))
}

test_a_pointer_that_does_not_hold_fails if {
	question := instead(array.concat(pointers, [
		fixture.number("practice_pointers", "6"),
		fixture.about("practice_pointer", "principle 8[1]|performance.auroc||0.95|", "1"),
	]))
	not good_practice.satisfied with input as question
	endswith(good_practice.message, "; principle 8[1]: performance.auroc may be as low as 0.91, below 0.95") with input as question
}

test_silence_is_no_practice if {
	every question in [fixture.silent, fixture.digressing] {
		not good_practice.satisfied with input as question
		not good_practice.message with input as question
	}
}

test_garbage_is_no_practice if {
	every text in fixture.garbage {
		not good_practice.satisfied with input as instead([fixture.number("practice_faults", text)])
		not good_practice.satisfied with input as instead([fixture.number("practice_pointers", text)])
		every pointer in pointers {
			not good_practice.satisfied with input as instead([object.union(pointer, fixture.about(pointer.name, pointer.group, text))])
		}
	}
}
