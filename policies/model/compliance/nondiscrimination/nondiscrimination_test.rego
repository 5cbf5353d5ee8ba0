package model.compliance.nondiscrimination_test

import data.fixture
import data.model.compliance.nondiscrimination

clean := [fixture.number("protected_feature_faults", "0"), fixture.number("protected_cohorts", "1"), fixture.about("protected_cohort", "sex", "1")]

gap(name, column) := fixture.interval_about(name, column, "0", "0", "0.05")

asked(bias, measurements) := fixture.asked({"bias": bias, "compliance": measurements})

instead(others) := asked([gap("auroc_gap", "sex")], fixture.instead(clean, others))

test_results_told_apart_satisfy if {
	nondiscrimination.satisfied with input as asked([gap("auroc_gap", "sex")], clean)
	nondiscrimination.satisfied with input as asked([gap("c_index_gap", "sex")], clean)
}

test_a_model_without_protected_inputs_satisfies if {
	none := [fixture.number("protected_feature_faults", "0"), fixture.number("protected_cohorts", "0")]
	nondiscrimination.satisfied with input as asked([], none)
}

test_an_input_that_is_not_accounted_for_fails_and_is_named if {
	question := instead([fixture.number("protected_feature_faults", "1"), fixture.about("protected_feature_fault", "age: is age, and not declared", "1")])
	not nondiscrimination.satisfied with input as question
	nondiscrimination.message == "1 protected inputs are not accounted for (age: is age, and not declared); of 1 columns of cohorts, the bias gate has not compared 0 ()" with input as question
}

test_cohorts_that_nobody_compared_fail if {
	every bias in [[], [gap("auroc_gap", "race")], [gap("auroc_gap", "sex=female")], [fixture.about("auroc_gap", "sex", "")], [fixture.number("group_columns", "1")]] {
		question := asked(bias, clean)
		not nondiscrimination.satisfied with input as question
		endswith(nondiscrimination.message, "of 1 columns of cohorts, the bias gate has not compared 1 (sex)") with input as question
	}
}

test_a_column_that_was_left_out_is_missed if not nondiscrimination.satisfied with input as instead([fixture.number("protected_cohorts", "2")])

test_silence_accounts_for_nothing if {
	every question in [fixture.silent, fixture.digressing] {
		not nondiscrimination.satisfied with input as question
		not nondiscrimination.message with input as question
	}
}

test_garbage_accounts_for_nothing if {
	every text in fixture.garbage {
		not nondiscrimination.satisfied with input as instead([fixture.number("protected_feature_faults", text)])
		not nondiscrimination.satisfied with input as instead([fixture.number("protected_cohorts", text)])
		not nondiscrimination.satisfied with input as instead([fixture.about("protected_cohort", "sex", text)])
	}
}
