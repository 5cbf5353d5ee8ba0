package modelfile_test

import (
	"archive/zip"
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlops-clinical-trials/assay/internal/modelfile"
)

func TestWhatTheNameHidesIsAFinding(t *testing.T) {
	for name, c := range map[string]struct{ content, want string }{
		"model.json":        {evil, "disguised the name says json, the content is pickle"},
		"model.safetensors": {evil, "disguised the name says safetensors, the content is pickle"},
		"model.onnx":        {"\x7fELF and so on", "disguised the name says onnx, the content is program"},
		"notes.txt":         {"caf\xe9", "disguised the name says text, the content is unknown"},
		"weights.h5":        {"HDF5", "disguised the name says hdf5, the content is text"},
	} {
		if got := look(t, name, c.content); !slices.Contains(told(got), c.want) || got.Code == "" && name != "notes.txt" {
			t.Errorf("%s: code %q, %q", name, got.Code, told(got))
		}
	}
	for name, content := range map[string]string{
		"model.pt": "N.", "model.pkl": zipped(t, zip.Store, member{"a/data.pkl", "N."}), "run.py": "x = 1\n", "run.sh": "#!/bin/sh\n", "model.txt": "{}", "MODEL.JSON": "{}", "a": "b",
	} {
		if got := look(t, name, content); len(got.Findings) > 0 {
			t.Errorf("%s: %q", name, told(got))
		}
	}
}

func TestPrograms(t *testing.T) {
	for content, want := range map[string]string{
		"\x7fELF\x02": "machine code", "MZ\x90": "machine code", "#!/usr/bin/python": "script", "\x00asm\x01": "machine code",
		"\xcf\xfa\xed\xfe\x07": "machine code", "\xca\xfe\xba\xbe": "machine code", "\xa7\x0d\r\n\x00": "bytecode",
	} {
		if got := look(t, "model", content); got.Format != modelfile.Program || got.Code != want {
			t.Errorf("%q is %s, %q", content, got.Format, got.Code)
		}
	}
}

// Which of two things a file is depends on who loads it; both are looked into.
func TestAFileThatIsTwoThings(t *testing.T) {
	hdf5, err := os.ReadFile("testdata/lambda.h5")
	must(t, err)
	for claim, c := range map[string]struct {
		content string
		want    []string
	}{
		"a pickle before a zip":       {evil + zipped(t, zip.Store, member{"a", "x"}), []string{"disguised is archive and also pickle", "calls os.system"}},
		"a pickle before HDF5":        {evil + strings.Repeat("\x00", 512-len(evil)) + string(hdf5), []string{"disguised is hdf5 and also pickle", lambda[0]}},
		"safetensors before a pickle": {zipped(t, zip.Store, member{"pickle", evil}), []string{"calls os.system (in pickle)"}},
		"safetensors with a zip in it": {
			safe(`{"w": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}}`, 4) + zipped(t, zip.Store, member{"b", evil}),
			[]string{"disguised is archive and also safetensors", "bounds bytes follow the last tensor", "calls os.system (in b)"},
		},
	} {
		got := look(t, "model", c.content)
		for _, want := range c.want {
			if !slices.Contains(told(got), want) {
				t.Errorf("%s: %q, want %q", claim, told(got), want)
			}
		}
		if got.Code == "" {
			t.Errorf("%s: it carries no code", claim)
		}
	}
}

func TestOnlyRegularFilesAreInspected(t *testing.T) {
	for claim, model := range map[string]fs.FS{
		"a link":            fstest.MapFS{"w.bin": {Data: []byte("/etc/passwd"), Mode: fs.ModeSymlink}},
		"a device":          fstest.MapFS{"w.bin": {Mode: fs.ModeDevice}},
		"no such folder":    os.DirFS("testdata/absent"),
		"a disk that broke": broken{fstest.MapFS{"w.bin": {Data: []byte("x")}}},
		"only in order":     inOrder{fstest.MapFS{"w.bin": {Data: []byte("x")}}},
	} {
		if files, err := modelfile.Inspect(t.Context(), model); err == nil {
			t.Errorf("%s: %v", claim, files)
		} else {
			t.Log(err)
		}
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	if _, err := modelfile.Inspect(left, os.DirFS("testdata")); !errors.Is(err, context.Canceled) {
		t.Errorf("after the caller has left: %v", err)
	}
}

// broken is a disk that fails at the first byte.
type broken struct{ fs.FS }

type brokenFile struct{ fs.File }

func (b broken) Open(name string) (fs.File, error) {
	file, err := b.FS.Open(name)
	if name == "." {
		return file, err
	}
	return brokenFile{file}, err
}

func (brokenFile) ReadAt([]byte, int64) (int, error) { return 0, errors.New("the disk broke") }

// inOrder are files that can only be read from front to back.
type inOrder struct{ fs.FS }

func (o inOrder) Open(name string) (fs.File, error) {
	file, err := o.FS.Open(name)
	if name == "." {
		return file, err
	}
	return struct{ fs.File }{file}, err
}

func TestFindingsAreCountedBeyondWhatIsKept(t *testing.T) {
	var pickle strings.Builder
	for n := range 1200 {
		pickle.WriteString("cos\nf" + strings.Repeat("x", n/26) + string(rune('a'+n%26)) + "\n0")
	}
	got := look(t, "model", pickle.String()+"N.")
	if len(got.Findings) != 1000 || got.Dropped == 0 {
		t.Errorf("%d findings, %d dropped", len(got.Findings), got.Dropped)
	}
}
