# METADATA
# title: "It is known how the outcome was established, and readers agree on it"
# custom:
#   severity: warn
#   clause: "TRIPOD+AI 8b; Landis and Koch 1977, doi:10.2307/2529310"
#   remedy: "write spec.adjudication.method into dataset.yaml: who decided, by which rule; where two people read, settle the reading rules and let a third decide what they disagree on"
package model.dataset.adjudication

import data.lib

satisfied if {
	stated == 1
	agreed
}

stated := lib.value(lib.overall("dataset", "adjudication_stated"))

agreed if lib.value(lib.overall("dataset", "raters")) == 0

agreed if lib.at_least(kappa, limit)

inconclusive if {
	stated == 1
	lib.straddles(kappa, limit)
}

kappa := lib.overall("dataset", "kappa")

limit := lib.limits.dataset.kappa_min

message := "the contract does not say how the outcome was established" if stated == 0

message := sprintf("two readers agree with a kappa of %s, limit %v", [lib.interval(kappa), limit]) if stated == 1

message := sprintf("how far two readers agree cannot be told: %s", [kappa.method]) if {
	stated == 1
	kappa.value == ""
}
