package gitrepo

import (
	"bytes"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
)

func newStore(t testing.TB) *store {
	t.Helper()
	store, err := openStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// kept drafts files and keeps them.
func kept(t *testing.T, store *store, files map[string][]byte) plumbing.Hash {
	t.Helper()
	drafted := newDraft()
	tree, err := (&Repo{store: store, limits: defaultLimits}).rooted(drafted, plumbing.ZeroHash, Edit{Files: files})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.keep(drafted, nil); err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestLimitsHold(t *testing.T) {
	store := newStore(t)
	tree := kept(t, store, map[string][]byte{"a": []byte("12345"), "b/c/d": {}})
	for name, change := range map[string]func(*limits){
		"more than 3 files":    func(l *limits) { l.entries = 3 },
		"1 folders deep":       func(l *limits) { l.depth = 1 },
		"tree has at least 57": func(l *limits) { l.treeBytes = 9 },
	} {
		tight := defaultLimits
		change(&tight)
		store.trees.clear()
		if _, err := store.walk(tree, tight); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	files, err := store.walk(tree, defaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.read(plumbing.BlobObject, files.files["a"].hash, 4); err == nil {
		t.Error("a file over the limit was read")
	}
	if content, err := store.read(plumbing.BlobObject, files.files["a"].hash, 5); err != nil || string(content) != "12345" {
		t.Errorf("read %q, %v", content, err)
	}
	if anew, err := store.heal(); anew || err != nil {
		t.Errorf("what is too large passes for damage: %v, %v", anew, err)
	}
}

// FuzzListNeverYieldsAnUnsafePath feeds arbitrary bytes as a tree object: what
// is accepted can be written back, and every path stays inside.
func FuzzListNeverYieldsAnUnsafePath(f *testing.F) {
	blobHash := plumbing.ComputeHash(plumbing.BlobObject, []byte("x"))
	for _, entry := range []string{"100644 a", "100755 run", "120000 link", "160000 module", "100644 ..", "100644 .git", "100644 a/b", "40000 dir", "1 x"} {
		f.Add(append([]byte(entry+"\x00"), blobHash[:]...))
	}
	store := newStore(f)
	f.Fuzz(func(t *testing.T, content []byte) {
		encoded := inMemory(plumbing.TreeObject, content)
		if _, err := store.objects.SetEncodedObject(encoded); err != nil {
			t.Fatal(err)
		}
		listed, err := store.walk(encoded.Hash(), defaultLimits)
		if err != nil {
			return
		}
		for name := range listed.files {
			for part := range strings.SplitSeq(name, "/") {
				if part == ".." || part == "." || part == "" || strings.EqualFold(part, ".git") || bytes.ContainsRune([]byte(part), 0) {
					t.Errorf("accepted %q", name)
				}
			}
		}
		again := newDraft()
		if _, err := again.folders(listed.files); err != nil {
			t.Fatal(err)
		}
	})
}
