package modelfile

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"testing/fstest"
)

// holds is what is true of every file: it is looked into without a panic and
// within bounds, twice with the same answer, and its name changes nothing but
// what is said about the name.
func holds(t *testing.T, content []byte) {
	t.Helper()
	var answers []File
	for _, name := range []string{"model", "model.pkl", "model.json"} {
		eye := newInspector(fstest.MapFS{}, name)
		found := eye.look(inMemory(content), place{})
		if eye.unpacked > maxUnpackIn+1<<20 || len(eye.file.Findings) > maxFindings || eye.members > maxMembers+1 {
			t.Errorf("%d bytes unpacked, %d findings, %d members", eye.unpacked, len(eye.file.Findings), eye.members)
		}
		for _, finding := range eye.file.Findings {
			if finding.Kind == "" || finding.What == "" || len(finding.What) > 2*maxName+200 || len(finding.Inside) > maxName+3 {
				t.Errorf("a finding that says nothing, or too much: %+v", finding)
			}
		}
		if found.format == "" || carries[found.format] != "" && found.code == "" {
			t.Errorf("a sight that says nothing: %+v", found)
		}
		eye.file.Format, eye.file.Code, eye.file.Path, eye.file.Named = found.format, found.code, "", ""
		answers = append(answers, eye.file)
	}
	for _, other := range answers[1:] {
		if !reflect.DeepEqual(answers[0], other) {
			t.Errorf("under another name it is\n%+v, and not\n%+v", other, answers[0])
		}
	}
}

// samples adds the real files of that ending.
func samples(f *testing.F, endings ...string) {
	f.Helper()
	for _, ending := range endings {
		names, err := filepath.Glob("testdata/*" + ending)
		if err != nil || len(names) == 0 {
			f.Fatalf("no sample *%s: %v", ending, err)
		}
		for _, name := range names {
			content, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(content)
		}
	}
}

func FuzzPickleIsWalkedWithinBounds(f *testing.F) {
	samples(f, ".pkl", ".joblib", "legacy.pt")
	f.Add([]byte("cos\nsystem\n(S'id'\ntR."))
	f.Add([]byte("\x80\x05\x95\x04\x00\x00\x00\x00\x00\x00\x00(lp0\n."))
	f.Fuzz(func(t *testing.T, content []byte) {
		holds(t, content)
		// Whatever an unpickler would run is a pickle, so a call is never silent.
		if plain := walkPickles(inMemory(content), false); plain.calls > 0 && !plain.is {
			t.Error("it calls, and is taken for something else")
		}
	})
}

func FuzzZipIsWalkedWithinBounds(f *testing.F) {
	samples(f, ".npz", ".pt")
	var packed bytes.Buffer
	writer := zip.NewWriter(&packed)
	for _, name := range []string{"config.json", "metadata.json"} {
		into, err := writer.Create(name)
		if err != nil {
			f.Fatal(err)
		}
		if _, err := into.Write([]byte(`{"class_name":"Lambda"}`)); err != nil {
			f.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(packed.Bytes())
	f.Fuzz(holds)
}

func FuzzTarAndGzipAreWalkedWithinBounds(f *testing.F) {
	var packed, both bytes.Buffer
	writer := tar.NewWriter(&packed)
	if err := writer.WriteHeader(&tar.Header{Name: "pickle", Size: 2, Mode: 0o644}); err != nil {
		f.Fatal(err)
	}
	if _, err := writer.Write([]byte("N.")); err != nil {
		f.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		f.Fatal(err)
	}
	compressor := gzip.NewWriter(&both)
	if _, err := compressor.Write(packed.Bytes()); err != nil {
		f.Fatal(err)
	}
	if err := compressor.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(packed.Bytes())
	f.Add(both.Bytes())
	f.Fuzz(holds)
}

func FuzzNumpyIsReadWithinBounds(f *testing.F) {
	samples(f, ".npy")
	f.Fuzz(holds)
}

func FuzzHDF5IsWalkedWithinBounds(f *testing.F) {
	samples(f, ".h5")
	f.Fuzz(holds)
}

func FuzzSafetensorsHoldsWhatItSays(f *testing.F) {
	samples(f, ".safetensors")
	f.Add([]byte("\x14\x00\x00\x00\x00\x00\x00\x00{\"w\":{\"x\":1,\"y\":2}}")) // many faults: the same one is told each time
	f.Fuzz(func(t *testing.T, content []byte) {
		holds(t, content)
		eye := newInspector(nil, "model")
		s := inMemory(content)
		if _, is := lookSafetensors(eye, s, place{}); !is || len(eye.file.Findings) > 0 {
			return
		}
		size := littleEndian(content[:8])
		tensors, err := parseSafetensors(content[8:8+size], eye.step)
		covered := uint64(0)
		for _, one := range tensors {
			covered += one.offsets[1] - one.offsets[0]
		}
		if err != nil || covered != uint64(len(content))-8-size {
			t.Errorf("found nothing, and %d bytes are covered: %v", covered, err)
		}
	})
}

func FuzzGGUFIsReadWithinBounds(f *testing.F) {
	samples(f, ".gguf")
	f.Fuzz(holds)
}

func FuzzProtobufIsWalkedWithinBounds(f *testing.F) {
	samples(f, ".onnx")
	f.Add([]byte("\x08\x01\x12\x0d\x12\x0b\x0a\x09\x0a\x01n\x12\x04Rpc!"))
	f.Fuzz(holds)
}

func FuzzJSONIsReadWithinBounds(f *testing.F) {
	f.Add([]byte(`{"class_name":"Lambda","config":{"a":1,"a":2},"auto_map":{}}`))
	f.Add([]byte(`{"learner":{},"version":[2,1,0]}`))
	f.Add([]byte(`[[[[]]]] 1`))
	f.Fuzz(holds)
}
