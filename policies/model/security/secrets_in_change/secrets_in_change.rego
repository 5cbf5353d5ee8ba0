# METADATA
# title: "What the change adds holds no secret"
# custom:
#   clause: "SOC 2 CC6.1; CWE-798"
#   remedy: "revoke the secret first: it stays in the history of the repository, also when a later commit removes it"
package model.security.secrets_in_change

import data.lib

satisfied if {
	secrets == 0
	unread == 0
}

secrets := lib.value(lib.overall("security", "secrets_in_change"))

unread := lib.value(lib.overall("security", "change_files_unread"))

message := sprintf("%v secrets in the change, %v files too large to be searched: %s", [secrets, unread, concat(", ", places)])

places contains m.group if some m in lib.named("security", "secret_in_change")

places contains m.group if some m in lib.named("security", "change_file_unread")
