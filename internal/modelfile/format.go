package modelfile

import (
	"path"
	"strings"
)

// Format is what a file is, by its content.
type Format string

// The formats that are told apart.
const (
	JSON        Format = "json"
	XGBoost     Format = "xgboost-json"
	Text        Format = "text" // UTF-8 without control characters
	Safetensors Format = "safetensors"
	GGUF        Format = "gguf"
	ONNX        Format = "onnx"
	Numpy       Format = "numpy"
	Pickle      Format = "pickle"
	Joblib      Format = "joblib"
	Torch       Format = "torch"
	HDF5        Format = "hdf5"
	Keras       Format = "keras"
	SavedModel  Format = "savedmodel"
	Archive     Format = "archive"
	Program     Format = "program"
	Unknown     Format = "unknown"
)

// carries says which formats run code when they are loaded, whatever one file
// of them holds. A pickle is a program for a stack machine that may call any
// Python function (https://docs.python.org/3/library/pickle.html, first
// warning); joblib and PyTorch files hold pickles. Keras files may hold Lambda
// layers, which are marshalled bytecode, and name classes to import. A
// TensorFlow graph may read and write files ("models are programs",
// https://github.com/tensorflow/tensorflow/blob/master/SECURITY.md).
var carries = map[Format]string{
	Pickle: "pickle", Joblib: "pickle", Torch: "pickle",
	HDF5: "may hold bytecode", Keras: "may hold bytecode",
	SavedModel: "graph that may use files",
	Program:    "program",
}

// endings are what names claim. One that several formats use (.bin, .model)
// claims nothing.
var endings = map[string]Format{
	".json": JSON, ".txt": Text, ".md": Text, ".csv": Text, ".yaml": Text, ".yml": Text, ".toml": Text,
	".safetensors": Safetensors, ".gguf": GGUF, ".onnx": ONNX, ".npy": Numpy, ".npz": Numpy,
	".pkl": Pickle, ".pickle": Pickle, ".dill": Pickle, ".joblib": Joblib,
	".pt": Torch, ".pth": Torch, ".ckpt": Torch,
	".h5": HDF5, ".hdf5": HDF5, ".keras": Keras, ".pb": SavedModel,
	".zip": Archive, ".tar": Archive, ".gz": Archive, ".tgz": Archive, ".bz2": Archive, ".xz": Archive, ".zst": Archive,
	".py": Program, ".pyc": Program, ".so": Program, ".dll": Program, ".dylib": Program, ".sh": Program,
	".exe": Program, ".jar": Program, ".whl": Program, ".js": Program, ".r": Program,
}

func claimed(name string) Format { return endings[strings.ToLower(path.Ext(name))] }

// families are formats that honest files bear each other's names of: torch.save
// writes .pkl as well, a script is a text, an .npz a zip.
var families = [][]Format{
	{Pickle, Joblib, Torch}, {JSON, XGBoost}, {Text, JSON}, {Program, Text}, {Archive, Torch, Keras, Numpy, Joblib, Pickle},
}

func disguised(named, format Format) bool {
	if named == "" || named == format {
		return false
	}
	for _, family := range families {
		if in(family, named) && in(family, format) {
			return false
		}
	}
	return true
}

func in(family []Format, format Format) bool {
	for _, member := range family {
		if member == format {
			return true
		}
	}
	return false
}
