# METADATA
# title: "Every waiver that runs here is one that could be given"
# custom:
#   control: CMP-032
#   clause: "SOC 2 CC2.1 and CC3.4"
#   remedy: "take the waiver out of waivers/, and let somebody who may give it sign one that says why, what is done instead, and ends within the agreed days: `assay waive`"
package model.compliance.waiver_register

import data.lib

# Who may not waive is known only where the authors are.
satisfied if {
	count(authors) > 0
	every author in authors { lib.value(author) == 1 }
	count({author.group | some author in authors}) == count(authors)
	every waiver in input.model.waivers { in_order(waiver) }
}

authors := lib.named("compliance", "change_author")

# A waiver that has ended, has not begun or is for another place changes nothing.
in_order(waiver) if lib.decimal(waiver.expires) <= lib.now

in_order(waiver) if lib.decimal(waiver.issued) > lib.now

in_order(waiver) if waiver.environment != input.environment

in_order(waiver) if {
	lib.objections(waiver) == set()
	waiver.reason != ""
	waiver.control != ""
}

faults := {sprintf("of %s by %s (%s): %s", [waiver.rule, waiver.by.name, waiver.by.role, why(waiver)]) |
	some waiver in input.model.waivers
	not in_order(waiver)
}

why(waiver) := concat(", ", lib.objections(waiver)) if {
	count(lib.objections(waiver)) > 0
} else := "it does not say why, or what is done instead"

message := sprintf("waivers that nobody could have given: %v; %s", [count(faults), concat("; ", faults)]) if count(faults) > 0
