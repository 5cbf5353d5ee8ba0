# METADATA
# title: "Neither the model nor its manifests hold a secret"
# custom:
#   clause: "SOC 2 CC6.1"
#   remedy: "remove the secret, and revoke it: it has been in the history since it was pushed"
package model.security.secrets

import data.lib

satisfied if lib.value(lib.overall("security", "secrets")) == 0

message := sprintf("%s secrets found: %s", [lib.overall("security", "secrets").value, concat(", ", places)])

places contains m.group if some m in lib.named("security", "secret")
