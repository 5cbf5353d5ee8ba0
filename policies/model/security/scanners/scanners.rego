# METADATA
# title: "Every scanner that is required ran on this content, not long ago, and found no error"
# custom:
#   clause: "NIST SP 800-53 RA-5 and SA-11(1); SOC 2 CC7.1"
#   remedy: "mend what it found, run the scanner on this commit, sign what it writes with `assay scan`, and commit that below scans/"
package model.security.scanners

import data.lib

satisfied if {
	lib.value(lib.overall("security", "scanners")) >= 0
	is_array(required)
	every tool in required { sound(tool) }
}

required := lib.limits.security.scanners_required

sound(tool) if {
	current(tool) == 1
	fresh(tool)
	errors(tool) <= lib.limits.security.scanner_errors_max
}

fresh(tool) if {
	age(tool) >= -1
	age(tool) <= lib.limits.security.scanners_age_days_max
}

current(tool) := lib.value(lib.one("security", "scanner_commit_current", tool))

age(tool) := (lib.now - lib.value(lib.one("security", "scanner_finished", tool))) / 86400

errors(tool) := lib.value(lib.one("security", "scanner_results", sprintf("%s error", [tool])))

message := concat("; ", [said(tool) | some tool in required; not sound(tool)]) if lib.overall("security", "scanners")

said(tool) := sprintf("%s has not run, or nobody whom assay.yaml trusts has signed it", [tool]) if {
	not lib.one("security", "scanner_commit_current", tool)
} else := sprintf("%s ran on other content than this", [tool]) if {
	not current(tool) == 1
} else := sprintf("%s ran %v days ago, limit %v", [tool, round(age(tool) * 10) / 10, lib.limits.security.scanners_age_days_max]) if {
	not fresh(tool)
} else := sprintf("%s found %v errors, limit %v: %s", [
	tool, errors(tool), lib.limits.security.scanner_errors_max,
	concat(", ", [m.group | some m in lib.named("security", "scanner_error"); startswith(m.group, sprintf("%s ", [tool]))]),
])
