# METADATA
# title: "Releases and evidence are encrypted at rest and on their way"
# custom:
#   control: CMP-016
#   clause: "45 CFR 164.312(a)(2)(iv) and (e)(2)(ii); SOC 2 CC6.7"
#   remedy: "name the key that encrypts the registry's store and the lowest version of TLS in spec.controls.encryption of assay.yaml, and a registry that is spoken to by TLS in spec.registry"
package model.compliance.encryption

import data.lib

satisfied if {
	lib.value(key) == 1
	lib.value(tls) >= limit
	lib.value(registry) == 1
}

key := lib.overall("compliance", "encryption_key")

tls := lib.overall("compliance", "encryption_tls")

registry := lib.overall("compliance", "registry_protected")

limit := lib.limits.compliance.tls_version_min

message := sprintf("key at rest named: %s of 1; TLS %s, limit %v; way to the registry protected: %s of 1%s", [
	key.value, version, limit, registry.value, how,
])

version := tls.value if tls.value != ""

version := "unknown" if tls.value == ""

default how := ""

how := sprintf(" (%s)", [registry.method])
