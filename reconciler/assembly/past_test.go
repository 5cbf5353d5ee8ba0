package assembly

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
)

func TestACommitThatNobodyKnowsDoesNotExist(t *testing.T) {
	o := newOrigin(t)
	hash := o.push("main", "emil@example.org", map[string]string{"a.txt": "a"})
	repository := o.branches().repository
	if err := repository.Fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	tree, err := past{repository}.Tree(hash)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := fs.ReadFile(tree, "a.txt"); err != nil || string(text) != "a" {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := (past{repository}).Tree(strings.Repeat("0a", 20)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a commit that is not there: %v", err)
	}
}
