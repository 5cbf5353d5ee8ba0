package modelfile_test

import (
	"os"
	"slices"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/modelfile"
)

// told is what the findings of a file say, in order.
func told(file modelfile.File) []string {
	var all []string
	for _, finding := range file.Findings {
		all = append(all, finding.String())
	}
	return all
}

const (
	pickled  = "pickle"
	bytecode = "may hold bytecode"
)

var system = []string{"imports posix.system", "calls posix.system"}

// What the libraries write is what it is, and is reported only for what it does.
func TestFilesThatLibrariesWrote(t *testing.T) {
	want := map[string]struct {
		format modelfile.Format
		code   string
		told   []string
	}{
		"ATTRIBUTION.md": {modelfile.Text, "", nil},
		"make.py":        {modelfile.Text, "program", nil},

		"plain0.pkl": {modelfile.Pickle, pickled, nil}, "evil0.pkl": {modelfile.Pickle, pickled, system},
		"plain1.pkl": {modelfile.Pickle, pickled, nil}, "evil1.pkl": {modelfile.Pickle, pickled, system},
		"plain2.pkl": {modelfile.Pickle, pickled, nil}, "evil2.pkl": {modelfile.Pickle, pickled, system},
		"plain3.pkl": {modelfile.Pickle, pickled, nil}, "evil3.pkl": {modelfile.Pickle, pickled, system},
		"plain4.pkl": {modelfile.Pickle, pickled, nil}, "evil4.pkl": {modelfile.Pickle, pickled, system},
		"plain5.pkl": {modelfile.Pickle, pickled, nil}, "evil5.pkl": {modelfile.Pickle, pickled, system},

		"arrays.joblib": {modelfile.Joblib, pickled, nil},
		"packed.joblib": {modelfile.Joblib, pickled, nil},
		"evil.joblib":   {modelfile.Joblib, pickled, system},
		"lzma.joblib":   {modelfile.Archive, pickled, []string{"unread packed by lzma, which is not read"}},

		"matrix.npy":  {modelfile.Numpy, "", nil},
		"text.npy":    {modelfile.Numpy, "", nil},
		"dates.npy":   {modelfile.Numpy, "", nil},
		"arrays.npz":  {modelfile.Numpy, "", nil},
		"record.npy":  {modelfile.Numpy, "", []string{"unread an array of a type that is not read"}},
		"objects.npy": {modelfile.Numpy, pickled, []string{"imports posix.system (in objects)", "calls posix.system (in objects)"}},
		"objects.npz": {modelfile.Numpy, pickled, []string{"imports posix.system (in a.npy/objects)", "calls posix.system (in a.npy/objects)"}},

		"plain.pt":  {modelfile.Torch, pickled, nil},
		"legacy.pt": {modelfile.Torch, pickled, nil},
		"evil.pt":   {modelfile.Torch, pickled, []string{"imports posix.system (in archive/data.pkl)", "calls posix.system (in archive/data.pkl)"}},

		"model.safetensors": {modelfile.Safetensors, "", nil},
		"model.gguf":        {modelfile.GGUF, "", nil},
		"plain.onnx":        {modelfile.ONNX, "", nil},
		"absolute.onnx":     {modelfile.ONNX, "", []string{"outside keeps numbers in /etc/passwd"}},
		"custom.onnx":       {modelfile.ONNX, "", []string{"imports operator clinic.ops.Add, which is code beside the model"}},

		"dense.h5":            {modelfile.HDF5, bytecode, nil},
		"lambda.h5":           {modelfile.HDF5, bytecode, lambda},
		"lambda-latest.h5":    {modelfile.HDF5, bytecode, lambda},
		"lambda-userblock.h5": {modelfile.HDF5, bytecode, lambda},
		"fixed.h5":            {modelfile.HDF5, bytecode, lambda},
		"heap.h5":             {modelfile.HDF5, bytecode, []string{"unread HDF5: links or attributes in a fractal heap, which is not read"}},
		"outside.h5": {modelfile.HDF5, bytecode, []string{
			"outside HDF5: a link into the file /etc/passwd",
			"outside HDF5: a virtual dataset, made of parts of other files",
			"outside HDF5: a dataset keeps its numbers in other files",
		}},
	}
	files, err := modelfile.Inspect(t.Context(), os.DirFS("testdata"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(want) {
		t.Errorf("%d files, want %d", len(files), len(want))
	}
	for _, got := range files {
		want := want[got.Path]
		if got.Format != want.format || got.Code != want.code || !slices.Equal(told(got), want.told) {
			t.Errorf("%s is %s, code %q, %q", got.Path, got.Format, got.Code, told(got))
		}
		if notes := len(got.Notes); notes > 0 != (got.Path == "model.gguf") {
			t.Errorf("%s: notes %v", got.Path, got.Notes)
		}
	}
}

var lambda = []string{"lambda a layer is a Python function in bytecode"}
