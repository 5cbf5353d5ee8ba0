package lib_test

import data.fixture
import data.lib

place := "keyMetrics.usefulness.results[0]"

pointer(text) := fixture.about("card_pointer", concat("|", [place, text]), "1")

# pointing asks about a card with one pointer, of a model with these numbers.
pointing(text, measurements) := fixture.asked({"performance": measurements, "compliance": [pointer(text)]})

auroc := fixture.interval("auroc", "0.91", "0.94", "0.97")

female := fixture.about("rows", "sex=female", "12")

test_a_pointer_finds_what_was_measured if {
	lib.pointed(pointer("performance.auroc|||")) with input as pointing("", [auroc])
	lib.pointed(pointer("performance.rows|sex=female||")) with input as pointing("", [female])
	lib.dangling("card_pointer") == set() with input as pointing("performance.auroc|||", [auroc])
}

test_a_number_of_zero_is_measured if {
	lib.pointed(pointer("performance.rows|||")) with input as pointing("", [fixture.number("rows", "0")])
}

test_the_end_of_the_interval_keeps_the_limit if {
	every limits in ["0.91|0.97", "0.91|", "|0.97", "-1|1"] {
		lib.pointed(pointer(sprintf("performance.auroc||%s", [limits]))) with input as pointing("", [auroc])
	}
	every limits in ["0.92|", "|0.96", "0.92|0.97", "0.91|0.96"] {
		not lib.pointed(pointer(sprintf("performance.auroc||%s", [limits]))) with input as pointing("", [auroc])
	}
}

test_a_number_without_an_interval_keeps_the_limit_itself if {
	lib.pointed(pointer("performance.rows|sex=female|12|12")) with input as pointing("", [female])
	not lib.pointed(pointer("performance.rows|sex=female|13|")) with input as pointing("", [female])
	not lib.pointed(pointer("performance.rows|sex=female||11")) with input as pointing("", [female])
}

danglers(text, measurements) := texts if {
	texts := lib.dangling("card_pointer") with input as pointing(text, measurements)
}

test_what_is_wrong_is_told if {
	danglers("performance.auroc|||", []) == {"keyMetrics.usefulness.results[0]: performance.auroc is not measured"}
	danglers("performance.auroc|sex=male||", [auroc]) == {"keyMetrics.usefulness.results[0]: performance.auroc of sex=male is not measured"}
	danglers("performance.auroc||0.95|", [auroc]) == {"keyMetrics.usefulness.results[0]: performance.auroc may be as low as 0.91, below 0.95"}
	danglers("performance.auroc|||0.95", [auroc]) == {"keyMetrics.usefulness.results[0]: performance.auroc may be as high as 0.97, above 0.95"}
	danglers("performance.rows|sex=female|13|", [female]) == {"keyMetrics.usefulness.results[0]: performance.rows of sex=female is 12, below 13"}
	danglers("performance.rows|sex=female||11", [female]) == {"keyMetrics.usefulness.results[0]: performance.rows of sex=female is 12, above 11"}
}

test_two_measurements_of_a_name_are_none if {
	danglers("performance.auroc|||", [auroc, auroc]) == {"keyMetrics.usefulness.results[0]: performance.auroc is not measured"}
}

test_an_empty_value_is_not_measured if {
	danglers("performance.auroc|||", [fixture.number("auroc", "")]) == {"keyMetrics.usefulness.results[0]: performance.auroc is not measured"}
}

test_an_interval_that_cannot_be_read_keeps_no_limit if {
	every spoilt in fixture.spoilt("auroc", "") {
		not lib.pointed(pointer("performance.auroc||-100|")) with input as pointing("", [spoilt])
	}
	reversed := fixture.interval("auroc", "1", "0.5", "0")
	danglers("performance.auroc||0|", [reversed]) == {"keyMetrics.usefulness.results[0]: performance.auroc cannot be compared with its limits"}
}

test_what_is_no_pointer_is_never_pointed if {
	every m in [
		fixture.about("card_pointer", place, "0"),
		fixture.about("card_pointer", "place|performance.auroc|||", "0"),
		fixture.about("card_pointer", "place|performance.auroc|||", ""),
		fixture.about("card_pointer", "place|performance.auroc||||", "1"),
		fixture.about("card_pointer", "place|performance.auroc||", "1"),
		fixture.about("card_pointer", "place|auroc|||", "1"),
		fixture.about("card_pointer", "place|a.performance.auroc|||", "1"),
		fixture.about("card_pointer", "", "1"),
	] {
		question := fixture.asked({"performance": [auroc], "compliance": [m]})
		not lib.pointed(m) with input as question
		count(lib.dangling("card_pointer")) == 1 with input as question
	}
	question := fixture.measured("compliance", [fixture.about("card_pointer", place, "0")])
	lib.dangling("card_pointer") == {"keyMetrics.usefulness.results[0] names no measurement"} with input as question
}

test_a_limit_that_is_garbage_is_kept_by_nothing if {
	every text in fixture.garbage - {""} {
		not lib.pointed(pointer(sprintf("performance.auroc||%s|", [text]))) with input as pointing("", [auroc])
		not lib.pointed(pointer(sprintf("performance.auroc|||%s", [text]))) with input as pointing("", [auroc])
	}
}

test_silence_points_to_nothing if {
	every question in [fixture.silent, fixture.digressing] {
		not lib.pointed(pointer("performance.auroc|||")) with input as question
		lib.dangling("card_pointer") == set() with input as question
	}
}
