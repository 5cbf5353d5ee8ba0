# METADATA
# title: "The serving image has no more known vulnerabilities than agreed"
# custom:
#   clause: "SOC 2 CC7.1; NIST SP 800-190 4.1"
#   remedy: "rebuild the serving image with the fixed packages and put its new digest into model.yaml; say of one that does no harm there why, in vex/*.json (OpenVEX)"
package model.security.vulnerabilities

import data.lib

satisfied if {
	lib.value(lib.overall("security", "packages_scanned")) > 0
	lib.value(lib.overall("security", "operating_system_supported")) == 1
	critical <= lib.limits.security.critical_max
	high <= lib.limits.security.high_max
}

critical := lib.value(lib.one("security", "vulnerabilities", "critical"))

high := lib.value(lib.one("security", "vulnerabilities", "high"))

message := sprintf("the serving image has %v critical (limit %v) and %v high (limit %v) vulnerabilities in %s packages%s", [
	critical, lib.limits.security.critical_max, high, lib.limits.security.high_max,
	lib.overall("security", "packages_scanned").value, named,
])

# An operating system without advisories looks as clean as one without faults.
named := sprintf("; its operating system (%s) gets no advisories", [system.method]) if {
	system := lib.overall("security", "operating_system_supported")
	lib.value(system) == 0
}

named := concat("", [sprintf("; %s, %s", [m.group, m.method]) | some i, m in lib.named("security", "vulnerability"); i < 5]) if {
	not lib.value(lib.overall("security", "operating_system_supported")) == 0
}
