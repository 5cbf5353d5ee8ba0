# METADATA
# title: "Dockerfiles and Terraform are configured safely"
# custom:
#   clause: "NIST SP 800-190 4.1; CIS Docker Benchmark 4.1; SOC 2 CC6.6"
#   remedy: "mend the named files; keep Terraform's modules and the files that it reads in the repository"
package model.security.source_misconfiguration

import data.lib

satisfied if {
	unread == 0
	critical <= lib.limits.security.misconfigurations_critical_max
	high <= lib.limits.security.misconfigurations_high_max
}

unread := lib.value(lib.overall("security", "sources_not_examined"))

critical := of("dockerfile critical") + of("terraform critical")

high := of("dockerfile high") + of("terraform high")

of(group) := lib.value(lib.one("security", "source_misconfigurations", group))

message := sprintf("%v critical (limit %v) and %v high (limit %v) misconfigurations, %v sources not examined: %s", [
	critical, lib.limits.security.misconfigurations_critical_max,
	high, lib.limits.security.misconfigurations_high_max, unread, concat(", ", named),
])

named contains sprintf("%s: %s", [m.group, m.method]) if some m in lib.named("security", "source_misconfiguration")

named contains sprintf("%s: %s", [m.group, m.method]) if some m in lib.named("security", "source_not_examined")
