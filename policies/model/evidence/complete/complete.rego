# METADATA
# title: "Every gate has spoken for this environment"
# custom:
#   clause: "21 CFR 11.10(a); in-toto attestation framework"
#   remedy: "run the check again so that all five gates measure and sign; do not copy evidence between models or environments"
package model.evidence.complete

import data.lib

satisfied if {
	every gate in gates { lib.measured(gate) }
	input.model.provenance == 1
}

gates := {"dataset", "performance", "bias", "compliance", "security"}

absent := [gate | some gate in gates; not lib.measured(gate)]

message := sprintf("no evidence for this environment from: %s", [concat(", ", absent)]) if count(absent) > 0

message := "the release has no single statement of how it was trained" if count(absent) == 0
