package model.dataset.leakage_test

import data.fixture
import data.model.dataset.leakage

number_column(auroc) := fixture.measured("dataset", [fixture.about("leakage_auroc", "radius", auroc)])

text_column(purity, baseline) := fixture.measured("dataset", [
	fixture.about("leakage_purity", "site", purity),
	fixture.about("leakage_purity_baseline", "site", baseline),
])

test_honest_columns_satisfy if {
	leakage.satisfied with input as number_column("0.98")
	leakage.satisfied with input as text_column("0.98", "0.5")
}

test_a_column_that_tells_the_outcome_fails_and_is_named if {
	not leakage.satisfied with input as number_column("0.9991")
	leakage.message == "alone, these columns tell the outcome, limit 0.98: radius 0.999" with input as number_column("0.9991")
	not leakage.satisfied with input as text_column("1", "0.5")
	leakage.message == "alone, these columns tell the outcome, limit 0.98: site 1" with input as text_column("1", "0.5")
}

test_where_events_are_rare_a_pure_column_is_honest if leakage.satisfied with input as text_column("0.995", "0.99")

# An honest column does not make up for a dishonest one of the same name.
test_a_baseline_is_of_its_own_column if {
	question := fixture.measured("dataset", [
		fixture.about("leakage_purity", "site", "1"),
		fixture.about("leakage_purity_baseline", "sex", "0.99"),
	])
	not leakage.satisfied with input as question
}

test_silence_may_leak if {
	every question in [fixture.silent, fixture.digressing] { not leakage.satisfied with input as question }
}

test_garbage_may_leak if {
	every text in fixture.garbage {
		not leakage.satisfied with input as number_column(text)
		not leakage.satisfied with input as text_column(text, "0.99")
		not leakage.satisfied with input as text_column("0.995", text)
	}
}
