# METADATA
# title: "Verdicts are entered in a transparency log whose key the platform names"
# custom:
#   control: CMP-009
#   clause: "21 CFR 11.10(e); 45 CFR 164.312(b); ICH E6(R3) 4.2; EU AI Act 12"
#   remedy: "write what `assay log key` prints of the reconciler's key into spec.controls.auditLog.publicKey of assay.yaml; if the keys differ, find out first who writes that log"
package model.compliance.audit_log

import data.lib

satisfied if {
	lib.value(key) == 1
	proven
}

key := lib.overall("compliance", "audit_log_key")

being_written := lib.overall("compliance", "audit_log_written")

signed := lib.overall("compliance", "audit_log_signed")

# A rehearsal enters nothing and delivers nothing: there the declared key is all
# there is. Whoever delivers writes a log, and then its checkpoint counts.
proven if lib.value(being_written) == 0

proven if {
	lib.value(being_written) == 1
	lib.value(signed) == 1
}

message := sprintf("assay.yaml names no key of an audit log: %s", [object.get(key, "method", "none")]) if lib.value(key) == 0

message := sprintf("the log that is being written is not the declared one: %s", [object.get(signed, "method", "not signed")]) if {
	lib.value(key) == 1
	lib.value(signed) == 0
}
