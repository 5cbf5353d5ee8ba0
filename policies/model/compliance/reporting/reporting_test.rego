package model.compliance.reporting_test

import data.fixture
import data.model.compliance.reporting

clean := [fixture.about("model_specification", "model.json", "812")]

needed := fixture.number("development_n_required", "90")

auroc := fixture.interval("auroc", "0.91", "0.94", "0.97")

c_index := fixture.interval("c_index", "0.61", "0.64", "0.67")

asked(dataset, performance, compliance) := fixture.asked({"dataset": dataset, "performance": performance, "compliance": compliance})

survival(performance) := fixture.with_facts(asked([needed], performance, clean), {"task": "survival"})

test_a_model_that_can_be_appraised_satisfies if {
	reporting.satisfied with input as asked([needed], [auroc], clean)
	reporting.satisfied with input as survival([c_index])
}

test_each_task_has_its_own_measure if {
	not reporting.satisfied with input as asked([needed], [c_index], clean)
	not reporting.satisfied with input as survival([auroc])
}

test_a_release_without_the_whole_model_fails if {
	question := asked([needed], [auroc], [fixture.about("model_specification", "weights.bin", "0")])
	not reporting.satisfied with input as question
	reporting.message == `the whole model is in "weights.bin": 0 bytes; patients that its development needed: 90; discrimination: 0.94 (95% interval 0.91 to 0.97, n = 100)` with input as question
}

test_a_point_is_no_interval if {
	question := asked([needed], [fixture.number("auroc", "0.94")], clean)
	not reporting.satisfied with input as question
	endswith(reporting.message, "; discrimination: without an interval") with input as question
}

test_a_sample_size_of_nobody_is_none if {
	not reporting.satisfied with input as asked([fixture.number("development_n_required", "0")], [auroc], clean)
	not reporting.satisfied with input as asked([], [auroc], clean)
}

test_two_files_are_none if not reporting.satisfied with input as asked([needed], [auroc], array.concat(clean, clean))

test_silence_reports_nothing if {
	every question in [fixture.silent, fixture.digressing] {
		not reporting.satisfied with input as question
		not reporting.message with input as question
	}
}

test_garbage_reports_nothing if {
	every text in fixture.garbage {
		not reporting.satisfied with input as asked([needed], [auroc], [fixture.about("model_specification", "model.json", text)])
		not reporting.satisfied with input as asked([fixture.number("development_n_required", text)], [auroc], clean)
	}
	every spoilt in fixture.spoilt("auroc", "") { not reporting.satisfied with input as asked([needed], [spoilt], clean) }
}
