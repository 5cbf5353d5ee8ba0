package modelfile_test

import (
	"archive/zip"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/modelfile"
)

const dense = `{"module": "keras.layers", "class_name": "Dense", "config": {"units": 1, "activation": {"module": "builtins", "class_name": "function", "config": "relu", "registered_name": "relu"}}, "registered_name": null}`

func TestWhatAConfigNamesToImportIsAFinding(t *testing.T) {
	const bytecode = "lambda a layer is a Python function in bytecode"
	for layer, want := range map[string]string{
		`{"class_name": "Lambda", "config": {"function": ["4wEAAA", null, null]}}`:                        bytecode,
		`{"class_name": "L\u0061mbda"}`:                                                                   bytecode,
		`{"class_name": "__lambda__", "config": {"value": "4wEAAA"}}`:                                     bytecode,
		`{"config": {"function_type": "lambda"}}`:                                                         bytecode,
		`{"module": "subprocess", "class_name": "Popen", "config": {"args": ["id"]}}`:                     "imports subprocess.Popen",
		`{"module": "keras.utils", "class_name": "function", "config": "get_file"}`:                       "imports keras.utils.get_file",
		`{"module": "keras.config", "class_name": "function", "config": "enable_unsafe_deserialization"}`: "imports keras.config.enable_unsafe_deserialization",
		`{"module": "builtins", "class_name": "eval"}`:                                                    "imports builtins.eval",
		`{"module": "clinic", "class_name": "Score", "registered_name": "clinic>Score"}`:                  "imports the registered class clinic>Score",
		`{"auto_map": {"AutoModel": "modeling.Model"}}`:                                                   "imports auto_map names Python beside the model",
		`{"a": 1, "a": 2}`: "malformed the key a stands twice in one object",
		strings.Repeat("[", 300) + strings.Repeat("]", 300): "unread JSON that is deeper or longer than is looked into",
	} {
		document := `{"class_name": "Sequential", "config": {"layers": [` + dense + `, ` + layer + `]}}`
		got := look(t, "config.json", document)
		if got.Format != modelfile.JSON || !slices.Contains(told(got), want) {
			t.Errorf("%s: %s %q", layer, got.Format, told(got))
		}
		if imports := strings.HasPrefix(want, "lambda") || strings.HasPrefix(want, "imports"); imports != (got.Code != "") {
			t.Errorf("%s: code %q", layer, got.Code)
		}
		packed := look(t, "m.keras", zipped(t, zip.Deflate, member{"metadata.json", "{}"}, member{"config.json", document}))
		if packed.Format != modelfile.Keras || packed.Code == "" || !slices.Contains(told(packed), want+" (in config.json)") {
			t.Errorf("%s: %s %q", layer, packed.Format, told(packed))
		}
	}
	if got := look(t, "config.json", `{"class_name": "Sequential", "config": {"layers": [`+dense+`]}}`); len(got.Findings) > 0 || got.Code != "" {
		t.Errorf("a dense layer: code %q, %q", got.Code, told(got))
	}
}

func TestWhatIsJSON(t *testing.T) {
	for content, want := range map[string]modelfile.Format{
		`{"weights": ["0.25", "-1.5"], "nested": {"a": [1, [2, {}]]}}`: modelfile.JSON,
		" \n[1, 2]\n": modelfile.JSON,
		`{"learner": {"gradient_booster": {}}, "version": [2, 1, 0]}`: modelfile.XGBoost,
		`{"nested": {"learner": 1, "version": 2}}`:                    modelfile.JSON,
		`{"a": NaN}`:        modelfile.Text,
		`{"a": 1} {"b": 2}`: modelfile.Text,
		`{"a": 1`:           modelfile.Text,
		`{"a": 1}]`:         modelfile.Text,
		`"a"`:               modelfile.Text,
		"":                  modelfile.Text,
		"\xef\xbb\xbfa,b\n": modelfile.Text,
		"caf\xe9\n":         modelfile.Unknown,
		"a\x00b":            modelfile.Unknown,
		"a\x1b[2Jb":         modelfile.Unknown,
	} {
		if got := look(t, "model", content); got.Format != want || len(got.Findings) > 0 {
			t.Errorf("%q is %s %q, want %s", content, got.Format, told(got), want)
		}
	}
}
