package security

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"testing"
	"unicode/utf8"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/manifest"
)

// Whatever a manifest holds, an object that comes out of it has a kind, so
// that the checks can tell what it is.
func FuzzEveryObjectHasAKind(f *testing.F) {
	f.Add([]byte("kind: Pod\n--- # next\nkind: Service\n"))
	f.Add([]byte(`{"kind":"List","items":[]}`))
	f.Add([]byte("a: &a [x]\nb: [*a, *a]\nkind: yes\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		objects, err := manifest.Parse(data)
		if err != nil {
			return
		}
		for _, object := range objects {
			if kind, _ := object["kind"].(string); kind == "" {
				t.Errorf("no kind in %v", object)
			}
			asWorkload(object)
		}
	})
}

// Whatever an archive holds, nothing but the two files of a database is
// written, and without an error both are there.
func FuzzUnpackWritesADatabaseAndNothingElse(f *testing.F) {
	f.Add(pack(f, map[string]string{"trivy.db": "x", "metadata.json": "{}"}))
	f.Add(pack(f, map[string]string{"../trivy.db": "x"}))
	f.Add([]byte("not an archive"))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		err := unpack(bytes.NewReader(data), dir)
		files, readErr := os.ReadDir(dir)
		if readErr != nil {
			t.Fatal(readErr)
		}
		for _, file := range files {
			if file.Name() != "trivy.db" && file.Name() != "metadata.json" {
				t.Errorf("wrote %s", file.Name())
			}
		}
		if err == nil && len(files) != 2 {
			t.Errorf("wrote %v", files)
		}
	})
}

// Whatever a path holds, it fits on one line of evidence.
func FuzzALineFitsIntoEvidence(f *testing.F) {
	f.Add("aws-access-key-id model/\x00\xff\n.json:1")
	f.Fuzz(func(t *testing.T, text string) {
		got := evidence.Line(text)
		if !utf8.ValidString(got) || len(got) > 512 || evidence.Line(got) != got {
			t.Errorf("%q became %q", text, got)
		}
		if err := item("secret", text, text).Validate(); err != nil {
			t.Error(err)
		}
	})
}

func pack(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var packed bytes.Buffer
	compressor := gzip.NewWriter(&packed)
	writer := tar.NewWriter(compressor)
	for name, content := range files {
		if err := writer.WriteHeader(&tar.Header{Name: name, Size: int64(len(content)), Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		if _, err := writer.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	if err := compressor.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}
