package model.dataset.conflicting_labels_test

import data.fixture
import data.model.dataset.conflicting_labels

found(text) := fixture.measured("dataset", [fixture.number("conflicting_labels", text)])

test_no_conflict_satisfies if conflicting_labels.satisfied with input as found("0")

test_one_conflict_fails if {
	not conflicting_labels.satisfied with input as found("1")
	conflicting_labels.message == "1 sets of equal features carry both outcomes, limit 0" with input as found("1")
}

# Patients who are alike need not be followed equally long.
test_survival_has_none if {
	survival := {"task": "survival"}
	conflicting_labels.satisfied with input as fixture.with_facts(fixture.digressing, survival)
	not conflicting_labels.satisfied with input as fixture.with_facts(fixture.silent, survival)
}

test_garbage_may_conflict if {
	every text in fixture.garbage { not conflicting_labels.satisfied with input as found(text) }
}

test_silence_is_not_agreement if {
	every question in [fixture.silent, fixture.digressing] { not conflicting_labels.satisfied with input as question }
}
