package model.compliance.lineage_test

import data.fixture
import data.model.compliance.lineage

clean := [
	fixture.explained("lineage", fixture.digest("a"), "1", "of data by 8 features"),
	fixture.number("qualification_version", "1"), fixture.number("qualification_report", "1"), fixture.number("qualification_date", "1792843200"),
]

asked(measurements) := fixture.measured("compliance", measurements)

instead(others) := asked(fixture.instead(clean, others))

test_a_way_with_a_record_of_its_gates_satisfies if {
	lineage.satisfied with input as asked(clean)
	lineage.satisfied with input as instead([fixture.number("qualification_date", fixture.now)])
}

test_a_record_lasts_as_long_as_agreed if {
	lineage.satisfied with input as instead([fixture.number("qualification_date", "1763899200")]) # 365 days
	question := instead([fixture.number("qualification_date", "1763899199")])
	not lineage.satisfied with input as question
	lineage.message == "lineage of data by 8 features: 1 of 1; gates qualified on 2025-11-23T11:59:59Z, limit 365 days ago; version named: 1 of 1, report named by digest: 1 of 1" with input as question
}

test_a_record_of_tomorrow_is_none if not lineage.satisfied with input as instead([fixture.number("qualification_date", "1795435201")])

test_a_record_names_version_and_report if {
	not lineage.satisfied with input as instead([fixture.number("qualification_version", "0")])
	not lineage.satisfied with input as instead([fixture.number("qualification_report", "0")])
}

test_a_way_to_another_release_is_none if {
	not lineage.satisfied with input as instead([fixture.about("lineage", fixture.digest("b"), "1")])
	not lineage.satisfied with input as instead([fixture.about("lineage", fixture.digest("a"), "0")])
}

test_silence_is_no_lineage if {
	every question in [fixture.silent, fixture.digressing] {
		not lineage.satisfied with input as question
		not lineage.message with input as question
	}
}

# Each measurement is needed, alone and readable.
test_whatever_is_missing_or_garbage_is_no_lineage if {
	every m in clean {
		not lineage.satisfied with input as asked([other | some other in clean; other != m])
		not lineage.satisfied with input as asked(array.concat(clean, [m]))
		every text in fixture.garbage { not lineage.satisfied with input as instead([fixture.about(m.name, m.group, text)]) }
	}
}
