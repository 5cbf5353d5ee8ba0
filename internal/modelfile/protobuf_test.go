package modelfile_test

import (
	"encoding/binary"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/internal/modelfile"
)

// field is a field of a protocol buffer that holds bytes, or a message of
// other fields.
func field(number int, parts ...string) string {
	content := strings.Join(parts, "")
	head := binary.AppendUvarint(nil, uint64(number)<<3|2)
	return string(binary.AppendUvarint(head, uint64(len(content)))) + content
}

func count(number int, value uint64) string {
	return string(binary.AppendUvarint(binary.AppendUvarint(nil, uint64(number)<<3), value))
}

// node is a NodeDef of TensorFlow.
func node(op string) string { return field(1, "node/"+op) + field(2, op) }

// saved is a SavedModel of one graph with a node, and a function with another.
func saved(op, inFunction string) string {
	library := field(1, field(1, field(1, "f")), field(3, node(inFunction)))
	graph := field(1, node("Placeholder")) + field(1, node(op)) + field(2, library)
	return count(1, 1) + field(2, field(1, field(4, "serve")), field(2, graph))
}

func TestWhatAGraphReachesForIsAFinding(t *testing.T) {
	layer := func(config string) string {
		return field(1, count(2, 1), field(3, "root"), field(4, "_tf_keras_layer"), field(5, config))
	}
	for claim, c := range map[string]struct {
		content string
		told    []string
	}{
		"no more than arithmetic":      {saved("MatMul", "Add"), nil},
		"a file that it writes":        {saved("WriteFile", "Add"), []string{"calls WriteFile, which writes files"}},
		"Python, from a function":      {saved("MatMul", "EagerPyFunc"), []string{"calls EagerPyFunc, which calls Python"}},
		"a graph by itself":            {field(1, node("Placeholder")) + field(1, node("ReadFile")) + field(4, count(1, 27)), []string{"calls ReadFile, which reads files"}},
		"an asset that climbs":         {count(1, 1) + field(2, field(2, field(1, node("MatMul"))), field(6, field(1, "x"), field(2, "../../vocabulary"))), []string{"outside keeps an asset in ../../vocabulary"}},
		"a layer of Keras":             {layer(`{"class_name": "Dense"}`), nil},
		"a Lambda layer of Keras":      {layer(`{"class_name": "Lambda"}`), lambda},
		"a layer that nobody can read": {layer(`{"class_name": `), []string{"unread the config of a layer is no JSON that is read"}},
		"an op that stands twice":      {count(1, 1) + field(2, field(2, field(1, field(1, "n"), field(2, "MatMul"), field(2, "PyFunc")))), []string{"calls PyFunc, which calls Python"}},
		"a graph that breaks off":      {count(1, 1) + field(2, field(2, field(1, "\xff\xff\xff"))), []string{"malformed a graph: no protocol buffer"}},
	} {
		got := look(t, "saved_model.pb", c.content)
		if got.Format != modelfile.SavedModel || got.Code == "" || !slices.Equal(told(got), c.told) {
			t.Errorf("%s: %s, code %q, %q", claim, got.Format, got.Code, told(got))
		}
	}
}

// network is an ONNX model of one graph.
func network(graph ...string) string {
	return count(1, 10) + field(7, graph...) + field(8, field(1, ""), count(2, 17))
}

func beside(location string) string {
	return field(5, field(8, "w"), field(13, field(1, "location"), field(2, location)))
}

func TestWhatAnONNXModelReachesForIsAFinding(t *testing.T) {
	custom := field(1, field(4, "Score"), field(7, "clinic"))
	nested := field(1, field(4, "If"), field(5, field(1, "then_branch"), field(6, custom)))
	deep := custom
	for range 40 {
		deep = field(1, field(4, "If"), field(5, field(6, deep)))
	}
	for claim, c := range map[string]struct {
		content string
		told    []string
	}{
		"nothing":                       {network(field(1, field(4, "Add")), beside("w.bin")), nil},
		"an operator of another domain": {network(custom), []string{"imports operator clinic.Score, which is code beside the model"}},
		"one in a branch":               {network(nested), []string{"imports operator clinic.Score, which is code beside the model"}},
		"one that it defines itself":    {network(custom) + field(25, field(1, "Score"), field(10, "clinic"), field(7, field(4, "Add"))), nil},
		"branches in branches":          {network(deep), []string{"unread an ONNX model that is deeper or longer than is looked into"}},
		"an absolute path":              {network(beside("/etc/shadow")), []string{"outside keeps numbers in /etc/shadow"}},
		"a path that climbs":            {network(beside("a/../../w")), []string{"outside keeps numbers in a/../../w"}},
		"a path of Windows":             {network(beside(`C:\w`)), []string{`outside keeps numbers in C:\w`}},
		"an address":                    {network(beside("file://w")), []string{"outside keeps numbers in file://w"}},
		"a folder":                      {network(beside("folder")), []string{"outside keeps numbers in folder, which is no file of the model"}},
		"a file that is not there":      {network(beside("absent")), []string{"outside keeps numbers in absent, which is no file of the model"}},
		"a sparse tensor":               {network(field(15, field(1, field(13, field(1, "location"), field(2, "/w"))))), []string{"outside keeps numbers in /w"}},
		"an attribute":                  {network(field(1, field(4, "Constant"), field(5, field(5, field(13, field(1, "location"), field(2, "/w")))))), []string{"outside keeps numbers in /w"}},
		"a training graph":              {network() + field(20, field(1, custom)), []string{"imports operator clinic.Score, which is code beside the model"}},
		"a graph that breaks off":       {network("\xff"), []string{"malformed an ONNX model: no protocol buffer"}},
	} {
		files, err := modelfile.Inspect(t.Context(), fstest.MapFS{"a/model.onnx": {Data: []byte(c.content)}, "a/w.bin": {}, "a/folder/x": {}})
		must(t, err)
		at := slices.IndexFunc(files, func(file modelfile.File) bool { return file.Path == "a/model.onnx" })
		if got := files[at]; got.Format != modelfile.ONNX || got.Code != "" || !slices.Equal(told(got), c.told) {
			t.Errorf("%s: %s, code %q, %q", claim, got.Format, got.Code, told(got))
		}
	}
}

// Bytes of numbers are no message, however they begin.
func TestNumbersAreNoMessage(t *testing.T) {
	matrix, err := os.ReadFile("testdata/matrix.npy")
	must(t, err)
	for _, content := range []string{"\x08\x01", "\x0a\x02\x00\x01", strings.Repeat("\x00", 100), "\x08", string(matrix[60:]) + "\xff", "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"} {
		if got := look(t, "w.bin", content); got.Format != modelfile.Unknown || len(got.Findings) > 0 {
			t.Errorf("%q is %s %q", content, got.Format, told(got))
		}
	}
}
