package gitrepo_test

import (
	"errors"
	"io/fs"
	"slices"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
)

// fork is a repository in which main and topic went different ways from one
// commit with the files "a", "b" and "c".
func fork(t *testing.T, main, topic map[string]string) origin {
	t.Helper()
	o := newOrigin(t)
	start := o.commit("main", map[string]string{"a": "1", "b": "1", "c": "1"})
	o.git(o.work, "checkout", "--quiet", "-B", "topic", start)
	o.commit("topic", topic)
	o.git(o.work, "checkout", "--quiet", "main")
	o.commit("main", main)
	return o
}

func TestMergeTreeIsTheTreeThatGitMakes(t *testing.T) {
	o := fork(t, map[string]string{"a": "main", "both": "same"}, map[string]string{"b": "topic", "c": "", "both": "same", "d/e": "topic"})
	merge, err := o.fetched().MergeTree("main", "topic")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"b", "c", "d/e"}; !slices.Equal(merge.Changed, want) {
		t.Errorf("changed %q, want %q", merge.Changed, want)
	}
	if got, err := fs.ReadFile(merge.Files, "a"); err != nil || string(got) != "main" {
		t.Errorf("the change of main is lost: %q, %v", got, err)
	}
	if _, err := fs.Stat(merge.Files, "c"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file that topic removed: %v", err)
	}
	o.git(o.work, "merge", "--quiet", "--no-edit", "topic")
	if want := o.git(o.work, "rev-parse", "HEAD^{tree}"); merge.Tree != want {
		t.Errorf("tree %s, git makes %s", merge.Tree, want)
	}
}

func TestConflictsNameTheirPaths(t *testing.T) {
	for name, test := range map[string]struct {
		main, topic map[string]string
		want        []string
	}{
		"edited and edited":  {map[string]string{"a": "main", "b": "main"}, map[string]string{"a": "topic", "b": "topic"}, []string{"a", "b"}},
		"edited and removed": {map[string]string{"a": "main"}, map[string]string{"a": ""}, []string{"a"}},
		"removed and edited": {map[string]string{"a": ""}, map[string]string{"a": "topic"}, []string{"a"}},
		"file and folder":    {map[string]string{"x": "main"}, map[string]string{"x/y": "topic"}, []string{"x"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := fork(t, test.main, test.topic).fetched().MergeTree("main", "topic")
			var conflict *gitrepo.ConflictError
			if !errors.As(err, &conflict) || !slices.Equal(conflict.Paths, test.want) {
				t.Errorf("got %v, want a conflict in %q", err, test.want)
			}
		})
	}
}

func TestUnrelatedHistoriesAreNotMerged(t *testing.T) {
	o := newOrigin(t)
	o.commit("main", map[string]string{"a": "1"})
	o.git(o.work, "checkout", "--quiet", "--orphan", "stranger")
	o.git(o.work, "commit", "--quiet", "--message", "stranger")
	o.git(o.work, "push", "--quiet", "origin", "stranger")
	if _, err := o.fetched().MergeTree("main", "stranger"); err == nil {
		t.Error("merged")
	}
}

func TestCrissCrossHistoriesAskForOneMoreMerge(t *testing.T) {
	o := fork(t, map[string]string{"a": "main"}, map[string]string{"b": "topic"})
	mine, theirs := o.git(o.work, "rev-parse", "main"), o.git(o.work, "rev-parse", "topic")
	o.git(o.work, "merge", "--quiet", "--no-edit", theirs)
	o.git(o.work, "checkout", "--quiet", "topic")
	o.git(o.work, "merge", "--quiet", "--no-edit", mine)
	o.git(o.work, "push", "--quiet", "origin", "main", "topic")
	if _, err := o.fetched().MergeTree("main", "topic"); err == nil {
		t.Fatal("merged over two merge bases")
	}
	o.git(o.work, "merge", "--quiet", "--no-edit", "main")
	o.git(o.work, "push", "--quiet", "origin", "topic")
	if _, err := o.fetched().MergeTree("main", "topic"); err != nil {
		t.Errorf("after the merge that the message asks for: %v", err)
	}
}
