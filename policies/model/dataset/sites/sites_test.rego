package model.dataset.sites_test

import data.fixture
import data.model.dataset.sites

split(external, overlap, missing) := fixture.measured("dataset", [
	fixture.number("external_split", external),
	fixture.number("site_overlap", overlap),
	fixture.number("site_missing", missing),
])

test_a_split_that_is_not_external_may_share_sites if sites.satisfied with input as split("0", "12", "3")

test_an_external_one_may_not if {
	sites.satisfied with input as split("1", "0", "0")
	not sites.satisfied with input as split("1", "1", "0")
	not sites.satisfied with input as split("1", "0", "1")
	sites.message == "split.kind is external, and 2 sites are in training and holdout; 0 rows have no site" with input as split("1", "2", "0")
}

test_sites_that_nobody_counted_fail if {
	not sites.satisfied with input as fixture.measured("dataset", [fixture.number("external_split", "1")])
}

test_garbage_is_no_other_site if {
	every text in fixture.garbage {
		not sites.satisfied with input as split(text, "0", "0")
		not sites.satisfied with input as split("1", text, "0")
		not sites.satisfied with input as split("1", "0", text)
	}
}

test_silence_is_no_split if {
	every question in [fixture.silent, fixture.digressing] { not sites.satisfied with input as question }
}
