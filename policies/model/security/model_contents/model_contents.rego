# METADATA
# title: "Nothing in the model's files reaches out, breaks its format or could not be looked into"
# custom:
#   clause: "CWE-502; CWE-22; CWE-409"
#   remedy: "write the named files anew with the library's own function, without pickles, custom code, links or files elsewhere"
package model.security.model_contents

import data.lib

satisfied if lib.value(lib.overall("security", "model_file_findings")) == 0

message := sprintf("%s things in the model's files: %s", [
	lib.overall("security", "model_file_findings").value, concat("; ", named),
])

named contains sprintf("%s (%s)", [m.group, m.method]) if some m in lib.named("security", "model_file_finding")
