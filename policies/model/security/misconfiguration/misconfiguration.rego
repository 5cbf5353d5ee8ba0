# METADATA
# title: "The rendered manifests are configured safely"
# custom:
#   clause: "NIST SP 800-190 4.4; Kubernetes Pod Security Standards, restricted"
#   remedy: "mend the named objects in the serving base, component or overlay"
package model.security.misconfiguration

import data.lib

satisfied if {
	lib.value(lib.overall("security", "manifests_scanned")) > 0
	critical <= lib.limits.security.misconfigurations_critical_max
	high <= lib.limits.security.misconfigurations_high_max
}

critical := lib.value(lib.one("security", "misconfigurations", "critical"))

high := lib.value(lib.one("security", "misconfigurations", "high"))

message := sprintf("%v critical (limit %v) and %v high (limit %v) misconfigurations: %s", [
	critical, lib.limits.security.misconfigurations_critical_max,
	high, lib.limits.security.misconfigurations_high_max, concat(", ", checks),
])

checks contains sprintf("%s: %s", [m.group, m.method]) if some m in lib.named("security", "misconfiguration")
