package gitrepo

import (
	"bytes"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/memory"
)

func TestLimitsHold(t *testing.T) {
	store := memory.NewStorage()
	files, err := writeFiles(store, map[string][]byte{"a": []byte("12345"), "b/c/d": nil})
	if err != nil {
		t.Fatal(err)
	}
	tree, err := writeTree(store, files)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*limits){
		"more than 3 files": func(l *limits) { l.entries = 3 },
		"1 folders deep":    func(l *limits) { l.depth = 1 },
		"larger than 9":     func(l *limits) { l.treeBytes = 9 },
	} {
		tight := defaultLimits
		change(&tight)
		if _, err := list(store, tree, tight); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := readBlob(store, files["a"].hash, 4); err == nil {
		t.Error("a file over the limit was read")
	}
	if content, err := readBlob(store, files["a"].hash, 5); err != nil || string(content) != "12345" {
		t.Errorf("read %q, %v", content, err)
	}
}

// FuzzListNeverYieldsAnUnsafePath feeds arbitrary bytes as a tree object: what
// is accepted can be written back, and every path stays inside.
func FuzzListNeverYieldsAnUnsafePath(f *testing.F) {
	blobHash := plumbing.ComputeHash(plumbing.BlobObject, []byte("x"))
	for _, entry := range []string{"100644 a", "100755 run", "120000 link", "160000 module", "100644 ..", "100644 .git", "100644 a/b", "40000 dir", "1 x"} {
		f.Add(append([]byte(entry+"\x00"), blobHash[:]...))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		store := memory.NewStorage()
		encoded := store.NewEncodedObject()
		encoded.SetType(plumbing.TreeObject)
		writer, _ := encoded.Writer()
		writer.Write(content)
		writer.Close()
		hash, err := store.SetEncodedObject(encoded)
		if err != nil {
			t.Fatal(err)
		}
		files, err := list(store, hash, defaultLimits)
		if err != nil {
			return
		}
		for name := range files {
			for part := range strings.SplitSeq(name, "/") {
				if part == ".." || part == "." || part == "" || strings.EqualFold(part, ".git") || bytes.ContainsRune([]byte(part), 0) {
					t.Errorf("accepted %q", name)
				}
			}
		}
		again, err := writeTree(store, files)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := object.GetTree(store, again); err != nil {
			t.Error(err)
		}
	})
}
