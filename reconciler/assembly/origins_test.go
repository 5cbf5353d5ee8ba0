package assembly

import (
	"fmt"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// A later look goes back to where the last one began, and finds the same.
func TestAPastIsLookedBackOnOnce(t *testing.T) {
	o := newOrigin(t)
	made := o.push("main", "ada@example.org", map[string]string{"a": "1"})
	for i := range 5 {
		o.push("main", "emil@example.org", map[string]string{"b": fmt.Sprint(i)})
	}
	repository := o.branches().repository
	looks := 0
	look := func(h *history) string {
		t.Helper()
		if err := repository.Fetch(t.Context()); err != nil {
			t.Fatal(err)
		}
		at, err := repository.Resolve("main")
		if err != nil {
			t.Fatal(err)
		}
		want, err := repository.Contents(at.Hash, "a")
		if err != nil {
			t.Fatal(err)
		}
		looks = 0
		same := func(commit string) bool {
			looks++
			names, err := repository.Contents(commit, "a")
			return err == nil && names[0] == want[0]
		}
		what := authored{promotion.Pair{Model: "a"}, evidence.Sum([]byte(want[0]))}
		found, err := h.unchangedSince(what, at, same, func(commit gitrepo.Commit) []string { return commit.Parents })
		if err != nil {
			t.Fatal(err)
		}
		return found.Hash
	}
	h := &history{repository: repository, origins: &origins{}}
	if found := look(h); found != made || looks != 5 {
		t.Errorf("made by %s after %d looks", found, looks)
	}
	o.push("main", "emil@example.org", map[string]string{"b": "later"})
	if found := look(h); found != made || looks != 1 {
		t.Errorf("made by %s after %d more looks", found, looks)
	}
	again := o.push("main", "emil@example.org", map[string]string{"a": "2"})
	if found := look(h); found != again {
		t.Errorf("made by %s, not by %s", found, again)
	}
	reverted := o.push("main", "emil@example.org", map[string]string{"a": "1"})
	if found := look(h); found != reverted {
		t.Errorf("what came back was made by %s, not by %s", found, reverted)
	}
}
