# METADATA
# title: "The model's files carry no code"
# custom:
#   clause: "CWE-502"
#   remedy: "store the model in a format without code (JSON, safetensors, ONNX), not as a pickle"
package model.security.code_free_model

import data.lib

satisfied if lib.value(lib.overall("security", "code_carrying_files")) == 0

message := sprintf("%s files of the model can run code when they are loaded: %s", [
	lib.overall("security", "code_carrying_files").value, concat(", ", named),
])

named contains sprintf("%s (%s)", [m.group, m.method]) if some m in lib.named("security", "code_carrying_file")
