package model.security.scanners_test

import data.fixture
import data.model.security.scanners

# In the shipped thresholds no scanner is required; here one is.
requiring(tools) := {"production": object.union(data.thresholds.profiles.production, {"security": object.union(
	data.thresholds.profiles.production.security,
	{"scanners_required": tools},
)})}

scanned(current, finished, errors) := fixture.measured("security", [
	fixture.number("scanners", "1"), fixture.about("scanner_commit_current", "semgrep", current),
	fixture.about("scanner_finished", "semgrep", finished), fixture.about("scanner_results", "semgrep error", errors),
	fixture.about("scanner_error", "semgrep python.shell train.py:12", "1"), fixture.about("scanner_error", "snyk python/PT train.py:7", "1"),
])

none := fixture.measured("security", [fixture.number("scanners", "0")])

days_ago(days) := sprintf("%d", [to_number(fixture.now) - (days * 86400)])

test_no_scanner_is_required if scanners.satisfied with input as none

test_a_required_scan_satisfies if {
	scanners.satisfied with input as scanned("1", days_ago(30), "0") with data.thresholds.profiles as requiring(["semgrep"])
}

test_a_scan_that_is_not_there_fails if {
	every question in [none, scanned("1", fixture.an_hour_ago, "0")] {
		not scanners.satisfied with input as question with data.thresholds.profiles as requiring(["snyk"])
		scanners.message == "snyk has not run, or nobody whom assay.yaml trusts has signed it" with input as question with data.thresholds.profiles as requiring(["snyk"])
	}
}

test_one_of_two_is_not_both if {
	question := scanned("1", fixture.an_hour_ago, "0")
	not scanners.satisfied with input as question with data.thresholds.profiles as requiring(["semgrep", "snyk"])
}

test_a_scan_of_something_else_fails if {
	question := scanned("0", fixture.an_hour_ago, "0")
	not scanners.satisfied with input as question with data.thresholds.profiles as requiring(["semgrep"])
	scanners.message == "semgrep ran on other content than this" with input as question with data.thresholds.profiles as requiring(["semgrep"])
}

test_an_old_scan_fails if {
	question := scanned("1", days_ago(31), "0")
	not scanners.satisfied with input as question with data.thresholds.profiles as requiring(["semgrep"])
	scanners.message == "semgrep ran 31 days ago, limit 30" with input as question with data.thresholds.profiles as requiring(["semgrep"])
}

test_a_scan_of_the_future_fails if {
	not scanners.satisfied with input as scanned("1", fixture.next_year, "0") with data.thresholds.profiles as requiring(["semgrep"])
	not scanners.satisfied with input as scanned("1", days_ago(-2), "0") with data.thresholds.profiles as requiring(["semgrep"])
	scanners.satisfied with input as scanned("1", days_ago(-1), "0") with data.thresholds.profiles as requiring(["semgrep"])
}

test_an_error_fails_and_is_named if {
	question := scanned("1", fixture.an_hour_ago, "1")
	not scanners.satisfied with input as question with data.thresholds.profiles as requiring(["semgrep"])
	scanners.message == "semgrep found 1 errors, limit 0: semgrep python.shell train.py:12" with input as question with data.thresholds.profiles as requiring(["semgrep"])
}

test_no_list_requires_everything if {
	every text in ["semgrep", {}, null] { not scanners.satisfied with input as none with data.thresholds.profiles as requiring(text) }
}

test_silence_has_not_scanned if {
	every question in [fixture.silent, fixture.digressing] { not scanners.satisfied with input as question }
}

test_garbage_has_not_scanned if {
	every text in fixture.garbage {
		not scanners.satisfied with input as fixture.measured("security", [fixture.number("scanners", text)])
		not scanners.satisfied with input as scanned(text, fixture.an_hour_ago, "0") with data.thresholds.profiles as requiring(["semgrep"])
		not scanners.satisfied with input as scanned("1", text, "0") with data.thresholds.profiles as requiring(["semgrep"])
		not scanners.satisfied with input as scanned("1", fixture.an_hour_ago, text) with data.thresholds.profiles as requiring(["semgrep"])
	}
}
