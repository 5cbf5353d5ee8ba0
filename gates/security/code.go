package security

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Formats that run code when a model is loaded. A pickle is a program for a
// stack machine that may call any Python function; joblib and PyTorch files
// hold pickles, Keras and HDF5 files may hold Lambda layers (marshalled Python
// bytecode). See https://docs.python.org/3/library/pickle.html, first warning.
var codeFormats = map[string]string{
	".pkl": "pickle", ".pickle": "pickle", ".joblib": "pickle", ".dill": "pickle",
	".pt": "pickle", ".pth": "pickle", ".ckpt": "pickle", ".npy": "may hold a pickle",
	".keras": "may hold bytecode", ".h5": "may hold bytecode", ".hdf5": "may hold bytecode",
	".py": "python", ".pyc": "bytecode", ".so": "machine code", ".sh": "shell",
}

// measureCode counts the model files that carry code, by name or by the bytes
// that they begin with: renaming a pickle does not make it data.
func measureCode(ctx context.Context, model fs.FS) ([]evidence.Measurement, error) {
	var found []evidence.Measurement
	total := 0
	files, err := eachFile(ctx, model, func(file string, content io.Reader) error {
		head := make([]byte, 4)
		n, err := io.ReadFull(content, head)
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return err
		}
		if format := codeFormat(file, head[:n]); format != "" {
			if total++; total <= maxListed {
				found = append(found, item("code_carrying_file", file, format))
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return append([]evidence.Measurement{count("code_carrying_files", total, files)}, found...), nil
}

// codeFormat is empty for a file that only holds data.
func codeFormat(file string, head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("\x7fELF")):
		return "machine code"
	case bytes.HasPrefix(head, []byte("#!")):
		return "script"
	case len(head) >= 2 && head[0] == 0x80 && head[1] >= 2 && head[1] <= 5:
		return "pickle" // opcode PROTO (PEP 307), protocols 2 to 5
	}
	return codeFormats[strings.ToLower(path.Ext(file))]
}
