package modelfile

import "strings"

// layers are the modules of Keras that hold layers and what layers are made
// of. keras.utils, keras.config and keras.saving are not among them: functions
// of theirs that a config names have fetched files and turned safe mode off
// (CVE-2025-8747, CVE-2025-9906; CVE-2025-1550 named modules of the standard
// library).
var layers = []string{
	"keras", "keras.layers", "keras.models", "keras.initializers", "keras.regularizers", "keras.constraints",
	"keras.activations", "keras.optimizers", "keras.optimizers.schedules", "keras.losses", "keras.metrics",
	"keras.dtype_policies", "keras.src.models.functional", "keras.src.models.sequential",
}

// config reports what the JSON of a model names to be imported or run: Keras
// (keras/src/saving/serialization_lib.py) and Hugging Face, whose auto_map is
// Python beside the model. It answers with the reason why that is code.
func (i *inspector) config(document outline, at place) (code string) {
	for _, names := range document.named {
		class := names["class_name"]
		switch {
		case class == "Lambda" || class == "__lambda__" || names["function_type"] == "lambda":
			i.find(at, Lambda, "a layer is a Python function in bytecode", 0)
		case names["auto_map"] != "":
			i.find(at, Imports, "auto_map names Python beside the model", 0)
		case strings.Contains(names["registered_name"], ">"):
			i.find(at, Imports, "the registered class "+shorten(names["registered_name"]), 0)
		case class != "" && !layered(names):
			i.find(at, Imports, shorten(names["module"]+"."+meant(names)), 0)
		default:
			continue
		}
		code = "names code to import"
	}
	return code
}

func layered(names map[string]string) bool {
	module := names["module"]
	if module == "" { // Keras 2, which looks class names up in a list of its own
		return true
	}
	if module == "builtins" { // how a function of keras.activations and the like is written
		return names["class_name"] == "function"
	}
	for _, known := range layers {
		if module == known {
			return true
		}
	}
	return false
}

// meant is the name of the function where a config is one.
func meant(names map[string]string) string {
	if names["class_name"] == "function" && names["config"] != "" {
		return names["config"]
	}
	return names["class_name"]
}
