# METADATA
# title: "The branches that the promotion depends on keep their past"
# custom:
#   absolute: true
#   clause: "21 CFR 11.10(e); SOC 2 CC7.2 and CC8.1"
#   remedy: "find out who pushed, and push back what the branch held; or accept what it is: kubectl annotate repository <name> assay.dev/accept-history=<commit>"
package change.history

satisfied if input.change.whole == true

message := concat("; ", input.change.edited) if count(input.change.edited) > 0
