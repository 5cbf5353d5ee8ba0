# METADATA
# title: "Every file of the model is of an agreed format"
# custom:
#   clause: "CWE-502; CWE-434"
#   remedy: "store the model in an agreed format (JSON, safetensors, ONNX); remove from it what is no part of the model"
package model.security.model_formats

import data.lib

satisfied if {
	files > 0
	lib.total("security", "model_format") == files
	count(others) == 0
}

files := lib.value(lib.overall("security", "model_files"))

others contains sprintf("%s %s (such as %s)", [m.value, m.group, m.method]) if {
	some m in lib.named("security", "model_format")
	not agreed[m.group]
}

# A set is empty where its list is not there, and then nothing is agreed.
agreed contains format if some format in lib.limits.security.formats_allowed

message := sprintf("of %v files of the model these have no agreed format: %s; agreed are %s", [
	files, concat(", ", others), concat(", ", agreed),
])
