# METADATA
# title: "Nothing new is promoted into an environment that is frozen"
# custom:
#   clause: "SOC 2 CC8.1; ISO/IEC 27001:2022 A.8.32; FDA GMLP principle 10"
#   remedy: "check again when the freeze is over, or have it lifted first, in a pull request of its own (assay thaw); what was here before may come back at once (assay rollback)"
package change.freeze

import data.lib

satisfied if input.change.thawed == true

# What is here is not new, and what was here before is the way back.
satisfied if input.change.holds == true

satisfied if input.change.rollback == true

message := lib.frozen(input.change) if input.change.thawed == false
