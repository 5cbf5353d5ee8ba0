# METADATA
# title: "Nothing that is promoted is under quarantine"
# custom:
#   absolute: true
#   clause: "45 CFR 164.308(a)(6)(ii); EU AI Act, article 20(1); SOC 2 CC7.4"
#   remedy: "promote another release; who lifts a quarantine removes its file from quarantines"
package change.quarantine

import data.lib

satisfied if input.change.clear == true

message := sprintf("%s is under quarantine %s (%s): %s", [order.digest, order.name, lib.whose(order), order.reason]) if {
	input.change.clear == false
	order := input.change.quarantines[0]
}
