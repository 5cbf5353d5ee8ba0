package gitrepo_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
)

const proposal = "change/main/rollback"

func TestAProposalIsOneCommitOnItsBase(t *testing.T) {
	o := newOrigin(t)
	base := o.commit("main", map[string]string{"environments/prod/breast.yaml": "release: 2", "gone": "1", "models/breast/model.yaml": "m"})
	repo := o.fetched()
	change := map[string][]byte{"environments/prod/breast.yaml": []byte("release: 1"), "gone": nil, "quarantines/drift.yaml": []byte("q")}
	propose := func() string {
		t.Helper()
		commit, err := repo.Propose(t.Context(), proposal, base, change, "roll back\n", reconciler)
		if err != nil {
			t.Fatal(err)
		}
		if at := o.inBare("rev-parse", proposal); at != commit || o.inBare("rev-parse", commit+"^") != base {
			t.Errorf("%s is at %s, not at %s on %s", proposal, at, commit, base)
		}
		return commit
	}
	first := propose()
	if changed := o.inBare("diff", "--name-status", base, first); changed != "M\tenvironments/prod/breast.yaml\nD\tgone\nA\tquarantines/drift.yaml" {
		t.Errorf("it changes %s", changed)
	}
	if again := propose(); again != first {
		t.Errorf("the same again made %s", again)
	}
	base = o.commit("main", map[string]string{"b": "1"})
	if err := repo.Fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if next := propose(); next == first {
		t.Error("on another base it is the same commit")
	}
	o.inBare("fsck", "--strict")
}

func TestAProposalTakesNobodysWorkAway(t *testing.T) {
	o := newOrigin(t)
	base := o.commit("main", map[string]string{"a": "1"})
	theirs := o.commit(proposal, map[string]string{"b": "1"})
	repo := o.fetched()
	change := map[string][]byte{"a": []byte("2")}
	if _, err := repo.Propose(t.Context(), proposal, base, change, "m", reconciler); err == nil || !strings.Contains(err.Error(), "somebody else") {
		t.Errorf("proposed over work of others: %v", err)
	}
	if at := o.inBare("rev-parse", proposal); at != theirs {
		t.Errorf("their branch is at %s", at)
	}
	o.inBare("update-ref", "refs/heads/main", theirs) // it is merged now
	if err := repo.Fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := repo.Propose(t.Context(), proposal, theirs, change, "m", reconciler); err != nil {
		t.Errorf("a branch that was merged cannot be used again: %v", err)
	}
	for name, change := range map[string]map[string][]byte{"nothing": {"a": []byte("2"), "c": nil}, "a path outside": {"../a": []byte("2")}} {
		if _, err := repo.Propose(t.Context(), "change/main/other", o.inBare("rev-parse", proposal), change, "m", reconciler); err == nil {
			t.Errorf("proposed %s", name)
		}
	}
	if _, err := repo.Propose(t.Context(), "change/main/other", strings.Repeat("1", 40), change, "m", reconciler); !errors.Is(err, gitrepo.ErrNotFound) {
		t.Errorf("on a base that is not there: %v", err)
	}
}

func TestAnEditLeavesWhatItDoesNotSpeakOf(t *testing.T) {
	o := newOrigin(t)
	o.commit("main", map[string]string{"a": "1"})
	repo := o.open()
	rewrite := func(edit gitrepo.Edit) string {
		t.Helper()
		commit, _, err := repo.Rewrite(t.Context(), "env/prod", edit, "m\n", reconciler)
		if err != nil {
			t.Fatal(err)
		}
		return commit
	}
	files := map[string][]byte{"namespace.yaml": []byte("ns")}
	for i := range 20 {
		files[fmt.Sprintf("m%d/workload.yaml", i)] = []byte("1")
		files[fmt.Sprintf("m%d/base/stale.yaml", i)] = []byte("1")
	}
	first := rewrite(gitrepo.Edit{Files: files})
	second := rewrite(gitrepo.Edit{Replace: []string{"m7", "m8"}, Files: map[string][]byte{"m7/workload.yaml": []byte("2")}})
	changed := o.inBare("diff", "--name-status", first, second)
	if changed != "D\tm7/base/stale.yaml\nM\tm7/workload.yaml\nD\tm8/base/stale.yaml\nD\tm8/workload.yaml" {
		t.Errorf("it changed %s", changed)
	}
	if third := rewrite(gitrepo.Edit{Replace: []string{"m7"}, Files: map[string][]byte{"m7/workload.yaml": []byte("2")}}); third != second {
		t.Error("what is there already made another commit")
	}
	if none := rewrite(gitrepo.Edit{Keep: func(name string) bool { return name == "m9" }}); o.inBare("ls-tree", "--name-only", none) != "m9" {
		t.Errorf("it kept %s", o.inBare("ls-tree", "--name-only", none))
	}
	if commit, changed, err := repo.Rewrite(t.Context(), "env/new", gitrepo.Edit{Replace: []string{"m1"}}, "m", reconciler); commit != "" || changed || err != nil {
		t.Errorf("a branch was made to hold nothing: %s, %v", commit, err)
	}
	o.inBare("fsck", "--strict")
}

func TestContainsIsWhatGitSays(t *testing.T) {
	o := newOrigin(t)
	first := o.commit("main", map[string]string{"a": "1"})
	topic := o.commit("topic", map[string]string{"b": "1"})
	o.git(o.work, "checkout", "--quiet", "main")
	second := o.commit("main", map[string]string{"a": "2"})
	o.git(o.work, "merge", "--quiet", "--no-ff", "-m", "merge", "topic")
	o.git(o.work, "push", "--quiet", "origin", "main")
	merged := o.git(o.work, "rev-parse", "HEAD")
	repo := o.fetched()
	for pair, want := range map[[2]string]bool{
		{merged, first}: true, {merged, topic}: true, {merged, merged}: true, {topic, first}: true,
		{topic, second}: false, {first, merged}: false, {merged, strings.Repeat("1", 40)}: false,
	} {
		if got, err := repo.Contains(t.Context(), pair[0], pair[1]); err != nil || got != want {
			t.Errorf("%s contains %s: %t, %v", pair[0], pair[1], got, err)
		}
	}
	if _, err := repo.Contains(t.Context(), strings.Repeat("1", 40), first); !errors.Is(err, gitrepo.ErrNotFound) {
		t.Errorf("a commit that is not there: %v", err)
	}
	if _, err := repo.Contains(t.Context(), merged, "main"); err == nil {
		t.Error("a name is no commit")
	}
}

// An edited past is told by what was there before, whether or not the remote
// still has it.
func TestAForcePushIsNoticed(t *testing.T) {
	o := newOrigin(t)
	o.commit("main", map[string]string{"a": "1"})
	before := o.commit("main", map[string]string{"a": "2"})
	repo := o.fetched()
	o.git(o.work, "commit", "--quiet", "--amend", "--message", "nothing to see here")
	o.git(o.work, "push", "--quiet", "--force", "origin", "main")
	for _, repo := range []*gitrepo.Repo{repo, o.open()} {
		if err := repo.Fetch(t.Context()); err != nil {
			t.Fatal(err)
		}
		if holds, err := repo.Contains(t.Context(), "main", before); holds || err != nil {
			t.Errorf("the branch still has what was there: %t, %v", holds, err)
		}
	}
}

func TestVersionsAreTheStatesOfAFile(t *testing.T) {
	o := newOrigin(t)
	repo := o.open()
	write := func(text string) string {
		t.Helper()
		files := map[string][]byte{"other": []byte(text)}
		if text != "" {
			files["m/release.yaml"] = []byte(strings.TrimRight(text, "'"))
		}
		commit, _, err := repo.WriteBranch(t.Context(), "env/prod", files, "m\n", reconciler)
		if err != nil {
			t.Fatal(err)
		}
		return commit
	}
	if _, err := repo.Versions("env/prod", "m/release.yaml"); !errors.Is(err, gitrepo.ErrNotFound) {
		t.Errorf("of a branch that is not there: %v", err)
	}
	write("")
	one := write("1")
	write("1'") // the same content
	gone := write("")
	two := write("2")
	for _, repo := range []*gitrepo.Repo{repo, o.fetched()} {
		for range 2 {
			versions, err := repo.Versions("env/prod", "m/release.yaml")
			if err != nil || len(versions) != 4 || versions[0].Commit != two || versions[1].Commit != gone || versions[2].Commit != one || versions[1].Content+versions[3].Content != "" {
				t.Fatalf("versions are %+v, %v", versions, err)
			}
			for version, want := range map[int]string{0: "2", 2: "1"} {
				if text, err := repo.Content(versions[version].Content); err != nil || string(text) != want {
					t.Errorf("version %d reads %q, %v", version, text, err)
				}
			}
		}
	}
	write("3")
	if versions, err := repo.Versions("env/prod", "m/release.yaml"); err != nil || len(versions) != 5 {
		t.Errorf("after one more: %+v, %v", versions, err)
	}
}

// stamp signs by writing the length down. It stands for any scheme: the real one
// is tried with git itself where it is chosen.
type stamp struct{ refuses error }

func (s stamp) Sign(payload []byte) ([]byte, error) {
	return fmt.Appendf(nil, "-----BEGIN SSH SIGNATURE-----\n%d\n-----END SSH SIGNATURE-----\n", len(payload)), s.refuses
}

func (s stamp) Verify(payload, signature []byte) error {
	if want, _ := s.Sign(payload); !bytes.Equal(want, signature) {
		return errors.New("another signature")
	}
	return nil
}

// forged signs something else than it is given.
type forged struct{ stamp }

func (f forged) Sign(payload []byte) ([]byte, error) { return f.stamp.Sign(payload[1:]) }

func TestCommitsAreSignedAndReadBackBeforeTheyArePushed(t *testing.T) {
	o := newOrigin(t)
	base := o.commit("main", map[string]string{"a": "1"})
	repo, err := gitrepo.Open(o.bare, t.TempDir(), gitrepo.WithSigner(stamp{}))
	if err != nil {
		t.Fatal(err)
	}
	commit, _, err := repo.WriteBranch(t.Context(), "env/prod", rendered, "render\n", reconciler)
	if err != nil {
		t.Fatal(err)
	}
	read, err := repo.SignedCommit(commit)
	if err != nil || (stamp{}).Verify(read.Payload, read.Signature) != nil || len(read.Signature) == 0 {
		t.Errorf("the signature is %q, %v", read.Signature, err)
	}
	o.inBare("fsck", "--strict")
	for says, signer := range map[string]gitrepo.Signer{"does not hold": forged{}, "no key": stamp{errors.New("no key")}} {
		repo, err := gitrepo.Open(o.bare, t.TempDir(), gitrepo.WithSigner(signer))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := repo.WriteBranch(t.Context(), "env/dev", rendered, "render\n", reconciler); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
		if err := repo.Fetch(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := repo.Propose(t.Context(), proposal, base, map[string][]byte{"a": nil, "b": {}}, "m\n", reconciler); err == nil {
			t.Errorf("%s: proposed", says)
		}
		if _, err := repo.Resolve("env/dev"); !errors.Is(err, gitrepo.ErrNotFound) {
			t.Errorf("%s: pushed", says)
		}
	}
}

func TestAMergeIsPushedOnlyOntoTheExpectedTip(t *testing.T) {
	o := fork(t, map[string]string{"a": "main"}, map[string]string{"b": "topic", "d/e": "topic"})
	repo := o.fetched()
	tip, head := o.inBare("rev-parse", "main"), o.inBare("rev-parse", "topic")
	commit, err := repo.Merge(t.Context(), "main", tip, head, "merge topic\n", reconciler)
	if err != nil {
		t.Fatal(err)
	}
	if parents := o.inBare("log", "-1", "--format=%P", "main"); parents != tip+" "+head || o.inBare("rev-parse", "main") != commit {
		t.Errorf("main is a merge of %s", parents)
	}
	o.git(o.work, "merge", "--quiet", "--no-edit", "topic")
	if want := o.git(o.work, "rev-parse", "HEAD^{tree}"); o.inBare("rev-parse", "main^{tree}") != want {
		t.Error("git would have merged to other files")
	}
	if _, err := repo.Merge(t.Context(), "main", tip, head, "merge topic\n", reconciler); !errors.Is(err, gitrepo.ErrMoved) {
		t.Errorf("onto a tip that is not there any more: %v", err)
	}
	o.inBare("fsck", "--strict")
}
