package gitrepo_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
)

func hashes(commits []gitrepo.Commit) []string {
	var found []string
	for _, commit := range commits {
		found = append(found, commit.Hash)
	}
	slices.Sort(found)
	return found
}

// Between is what git rev-list says, across merges.
func TestBetweenIsWhatGitListsToo(t *testing.T) {
	o := newOrigin(t)
	o.commit("main", map[string]string{"a": "1"})
	o.commit("topic", map[string]string{"b": "1"})
	o.git(o.work, "checkout", "--quiet", "main")
	o.commit("main", map[string]string{"a": "2"})
	o.git(o.work, "checkout", "--quiet", "topic")
	o.git(o.work, "merge", "--quiet", "--no-ff", "-m", "update", "main")
	o.commit("topic", map[string]string{"b": "2"})
	o.git(o.work, "checkout", "--quiet", "main")
	o.commit("main", map[string]string{"c": "1"})
	o.git(o.work, "merge", "--quiet", "--no-ff", "-m", "merge", "topic")
	o.git(o.work, "push", "--quiet", "origin", "main")
	repo := o.fetched()
	for _, pair := range [][2]string{{"main", "topic"}, {"topic", "main"}, {"", "main"}, {"main^", "topic"}, {"main~2", "main"}, {"main", "main"}} {
		name := func(revision string) string {
			if revision == "" {
				return ""
			}
			return o.git(o.work, "rev-parse", revision)
		}
		base, head := name(pair[0]), name(pair[1])
		arguments := []string{"rev-list", head}
		if base != "" {
			arguments = append(arguments, "^"+base)
		}
		want := strings.Fields(o.git(o.work, arguments...))
		slices.Sort(want)
		got, whole, err := repo.Between(base, head, 100)
		if err != nil || !whole || !slices.Equal(hashes(got), want) {
			t.Errorf("%v: %v, whole %t, %v; git lists %v", pair, hashes(got), whole, err, want)
		}
	}
	if some, whole, err := repo.Between("", "main", 3); err != nil || whole || len(some) != 3 || some[0].Hash != o.git(o.work, "rev-parse", "main") {
		t.Errorf("the newest three: %v, whole %t, %v", some, whole, err)
	}
	if all, whole, err := repo.Between("", "main", 7); err != nil || !whole || len(all) != 7 {
		t.Errorf("all seven: %d, whole %t, %v", len(all), whole, err)
	}
	if _, _, err := repo.Between("nowhere", "main", 3); err == nil {
		t.Error("since nowhere")
	}
}

func TestEqualContentsHaveEqualNames(t *testing.T) {
	o := newOrigin(t)
	first := o.commit("main", map[string]string{"a/b/c": "1", "d": "1"})
	second := o.commit("main", map[string]string{"a/b/c": "2"})
	repo := o.fetched()
	names := func(commit string) []string {
		t.Helper()
		found, err := repo.Contents(commit, "a/b/c", "d", "a/b", "a/b/c/d", "nothing", "a//b", "")
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	before, after := names(first), names(second)
	if before[0] == after[0] || before[1] != after[1] || before[0][len(before[0])-40:] != before[1][len(before[1])-40:] || before[2] == after[2] {
		t.Errorf("before %v, after %v", before, after)
	}
	for _, name := range after[3:] {
		if name != "" {
			t.Errorf("nothing has the name %q", name)
		}
	}
	if _, err := repo.Contents("nowhere", "d"); err == nil {
		t.Error("a commit that is not there")
	}
}

// What the base has is not listed, although its clocks are hours behind.
func TestAClockThatIsBehindListsNothingOfTheBase(t *testing.T) {
	o := newOrigin(t)
	at := func(date, branch, file string) string {
		t.Helper()
		t.Setenv("GIT_COMMITTER_DATE", "2026-03-02T"+date+"Z")
		return o.commit(branch, map[string]string{file: date})
	}
	at("12:00:00", "main", "a")
	topic := at("12:00:00", "topic", "b")
	o.git(o.work, "checkout", "--quiet", "main")
	at("01:00:00", "main", "c")
	at("02:00:00", "main", "d")
	got, whole, err := o.fetched().Between("main", "topic", 100)
	if err != nil || !whole || len(got) != 1 || got[0].Hash != topic {
		t.Errorf("%v, whole %t, %v", hashes(got), whole, err)
	}
}
