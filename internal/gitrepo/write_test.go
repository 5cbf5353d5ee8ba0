package gitrepo_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
)

var rendered = map[string][]byte{"breast/workload.yaml": []byte("kind: Deployment\n"), "namespace.yaml": []byte("kind: Namespace\n")}

func TestWriteBranchReplacesTheWholeTree(t *testing.T) {
	o := newOrigin(t)
	o.commit("main", map[string]string{"a": "1"})
	repo := o.open()
	write := func(files map[string][]byte) (string, bool) {
		t.Helper()
		commit, changed, err := repo.WriteBranch(t.Context(), "env/prod", files, "render\n", reconciler)
		if err != nil {
			t.Fatal(err)
		}
		if tip := o.inBare("rev-parse", "env/prod"); tip != commit {
			t.Errorf("the remote has %s, not %s", tip, commit)
		}
		return commit, changed
	}
	first, changed := write(rendered)
	if !changed {
		t.Error("the first commit changed nothing")
	}
	if got := o.inBare("ls-tree", "-r", "--name-only", "env/prod"); got != "breast/workload.yaml\nnamespace.yaml" {
		t.Errorf("the branch holds %q", got)
	}
	if again, changed := write(rendered); changed || again != first {
		t.Errorf("writing the same again gave %s, %v", again, changed)
	}
	second, changed := write(map[string][]byte{"namespace.yaml": []byte("kind: Namespace\n")})
	if !changed || o.inBare("rev-parse", second+"^") != first {
		t.Errorf("the second commit is %s, %v", second, changed)
	}
	if got := o.inBare("ls-tree", "-r", "--name-only", second); got != "namespace.yaml" {
		t.Errorf("stale files stayed: %q", got)
	}
	o.inBare("fsck", "--strict")
	if got := o.inBare("log", "-1", "--format=%an <%ae> %aI %s", second); got != "assay <assay@example.org> 2026-03-01T12:00:00+00:00 render" {
		t.Errorf("the commit says %q", got)
	}
}

func TestTheSameInputGivesTheSameCommit(t *testing.T) {
	var commits [2]string
	for i := range commits {
		o := newOrigin(t)
		commit, _, err := o.open().WriteBranch(t.Context(), "env/dev", rendered, "render\n", reconciler)
		if err != nil {
			t.Fatal(err)
		}
		commits[i] = commit
	}
	if commits[0] != commits[1] {
		t.Errorf("two commits of one input: %s and %s", commits[0], commits[1])
	}
}

func TestWriteBranchRefusesWhatGitWouldNot(t *testing.T) {
	repo := newOrigin(t).open()
	for name, files := range map[string]map[string][]byte{
		"traversal":       {"../x": nil},
		"absolute":        {"/x": nil},
		"dot git":         {"a/.GIT/hooks/x": nil},
		"empty":           {"": nil},
		"file and folder": {"a": nil, "a/b": nil},
	} {
		if _, _, err := repo.WriteBranch(t.Context(), "env/dev", files, "m", reconciler); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	if _, _, err := repo.WriteBranch(t.Context(), "env/..dev", rendered, "m", reconciler); err == nil {
		t.Error("a branch with an impossible name was written")
	}
	forged := gitrepo.Author{Name: "x\nparent 0", Email: "x"}
	if _, _, err := repo.WriteBranch(t.Context(), "env/dev", rendered, "m", forged); err == nil {
		t.Error("an author forged a header")
	}
}

// raced makes another writer win: the first pushes are overtaken by the
// server's own hook, which moves the branch while they are on their way.
func raced(o origin, times int) {
	o.t.Helper()
	for rival := range times {
		name := fmt.Sprint("rival", rival+1)
		o.commit(name, map[string]string{"rival": name})
	}
	hook := fmt.Sprintf(`#!/bin/sh
unset GIT_QUARANTINE_PATH
n=$(cat count 2>/dev/null || echo 0)
[ "$n" -ge %d ] && exit 0
n=$((n+1)); echo $n > count
git update-ref refs/heads/env/prod refs/heads/rival$n
`, times)
	if err := os.WriteFile(filepath.Join(o.bare, "hooks", "pre-receive"), []byte(hook), 0o755); err != nil {
		o.t.Fatal(err)
	}
}

func TestALostRaceIsRunAgainOnTopOfTheWinner(t *testing.T) {
	o := newOrigin(t)
	raced(o, 3)
	commit, changed, err := o.open().WriteBranch(t.Context(), "env/prod", rendered, "render\n", reconciler)
	if err != nil || !changed {
		t.Fatalf("wrote %s, %v, %v", commit, changed, err)
	}
	if parent, winner := o.inBare("rev-parse", "env/prod^"), o.inBare("rev-parse", "rival3"); parent != winner {
		t.Errorf("the commit stands on %s, the winner is %s", parent, winner)
	}
}

func TestARaceThatIsAlwaysLostIsAnErrorAndOverwritesNobody(t *testing.T) {
	o := newOrigin(t)
	raced(o, 4)
	if _, _, err := o.open().WriteBranch(t.Context(), "env/prod", rendered, "render\n", reconciler); err == nil {
		t.Error("no error")
	}
	if tip, winner := o.inBare("rev-parse", "env/prod"), o.inBare("rev-parse", "rival4"); tip != winner {
		t.Errorf("the branch is at %s, the winner left it at %s", tip, winner)
	}
}

func TestNotesAreThoseOfGit(t *testing.T) {
	o := newOrigin(t)
	hash := o.commit("main", map[string]string{"a": "1"})
	repo := o.open()
	const ref = "refs/notes/assay"
	for _, text := range []string{"denied\n", "admitted\n"} {
		if err := repo.Note(t.Context(), ref, hash, []byte(text), reconciler); err != nil {
			t.Fatal(err)
		}
		if got := o.inBare("log", "-1", "--notes=assay", "--format=%N", hash); got+"\n" != text {
			t.Errorf("git reads the note %q, want %q", got, text)
		}
	}
	if got, err := repo.ReadNote(ref, hash); err != nil || string(got) != "admitted\n" {
		t.Errorf("read %q, %v", got, err)
	}
	if _, err := repo.ReadNote(ref, strings.Repeat("0", 39)+"1"); !errors.Is(err, gitrepo.ErrNotFound) {
		t.Errorf("a note that is not there: %v", err)
	}
	if err := repo.Note(t.Context(), "refs/heads/main", hash, nil, reconciler); err == nil {
		t.Error("a branch was written as if it were notes")
	}
	o.inBare("fsck", "--strict")
}

func TestNotesInFoldersAreReadAndReplaced(t *testing.T) {
	o := newOrigin(t)
	hash := o.commit("main", map[string]string{"a": "1"})
	fanned := o.commit("notes", map[string]string{"a": "", hash[:2] + "/" + hash[2:]: "from a busy repository\n"})
	o.inBare("update-ref", "refs/notes/assay", fanned)
	repo := o.fetched()
	if got, err := repo.ReadNote("refs/notes/assay", hash); err != nil || string(got) != "from a busy repository\n" {
		t.Fatalf("read %q, %v", got, err)
	}
	if err := repo.Note(t.Context(), "refs/notes/assay", hash, []byte("replaced\n"), reconciler); err != nil {
		t.Fatal(err)
	}
	if got := o.inBare("notes", "--ref=assay", "list"); strings.Count(got, "\n") != 0 {
		t.Errorf("more than one note: %q", got)
	}
	if got := o.inBare("notes", "--ref=assay", "show", hash); got != "replaced" {
		t.Errorf("git reads %q", got)
	}
}

func TestReadersAndWritersTogether(t *testing.T) {
	o := newOrigin(t)
	o.commit("main", map[string]string{"a": "1"})
	repo := o.fetched()
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			branch := "env/" + string(rune('a'+i))
			if _, _, err := repo.WriteBranch(t.Context(), branch, rendered, "render\n", reconciler); err != nil {
				t.Error(err)
			}
		})
		group.Go(func() {
			if _, err := repo.Tree("main"); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}
