package lib_test

import data.fixture
import data.lib

audited := fixture.about("audit_pointer", "audit[0]|performance.auroc|||", "1")

lost := fixture.about("audit_pointer", "audit[1]|performance.weather|||", "1")

audit(measurements) := fixture.asked({"performance": [fixture.number("auroc", "0.9")], "compliance": measurements})

test_every_pointer_that_was_counted_holds if {
	lib.all_pointed("compliance", "audit_pointer", 1) with input as audit([audited])
	lib.all_pointed("compliance", "audit_pointer", 2) with input as audit([audited, audited])
}

test_one_that_is_lost_or_left_out_spoils_the_others if {
	not lib.all_pointed("compliance", "audit_pointer", 2) with input as audit([audited, lost])
	not lib.all_pointed("compliance", "audit_pointer", 2) with input as audit([audited])
	not lib.all_pointed("compliance", "audit_pointer", 0) with input as audit([audited])
}

test_no_pointer_holds_nothing if {
	not lib.all_pointed("compliance", "audit_pointer", 0) with input as audit([])
	not lib.all_pointed("compliance", "audit_pointer", 1) with input as fixture.silent
}

test_what_does_not_hold_is_told if {
	lib.dangled("audit_pointer") == "; audit[1]: performance.weather is not measured" with input as audit([audited, lost])
	lib.dangled("audit_pointer") == "" with input as audit([audited])
}

test_what_was_counted_is_named_in_order if {
	faults := [fixture.about("fault", "b", "1"), fixture.about("fault", "a", "1")]
	lib.listing("compliance", "fault") == " (a, b)" with input as fixture.measured("compliance", faults)
	lib.listing("compliance", "fault") == "" with input as fixture.silent
}
