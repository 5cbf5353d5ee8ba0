package environment

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/kube"
)

var (
	a, b, c, d = strings.Repeat("a", 40), strings.Repeat("b", 40), strings.Repeat("c", 40), strings.Repeat("d", 40)
	last       = []kube.Branch{{Name: "env/production", Commit: a}, {Name: "main", Commit: d}}
)

// line is a history in which only c comes after a.
func line(commit, ancestor string) (bool, error) {
	return commit == ancestor || commit == c && ancestor == a, nil
}

func TestABranchThatLostItsPastIsNoticed(t *testing.T) {
	for name, test := range map[string]struct {
		now  []kube.Branch
		want []Edited
	}{
		"nothing moved":      {last, nil},
		"one went on":        {[]kube.Branch{{Name: "env/production", Commit: c}, last[1]}, nil},
		"a new branch":       {append([]kube.Branch{{Name: "env/new", Commit: c}}, last...), nil},
		"main was rewritten": {[]kube.Branch{last[0], {Name: "main", Commit: c}}, []Edited{{"main", d, c}}},
		"one went back":      {[]kube.Branch{{Name: "env/production", Commit: b}, last[1]}, []Edited{{"env/production", a, b}}},
		"one is gone":        {last[1:], []Edited{{"env/production", a, ""}}},
	} {
		edited, err := Watch(last, test.now, line)
		if err != nil || !slices.Equal(edited, test.want) {
			t.Errorf("%s: %+v, %v", name, edited, err)
		}
	}
	broken := func(string, string) (bool, error) { return true, errors.New("the store is damaged") }
	if _, err := Watch(last, []kube.Branch{last[0], {Name: "main", Commit: c}}, broken); err == nil {
		t.Error("what could not be asked was taken for a whole history")
	}
	if edited, err := Watch(nil, last, broken); err != nil || edited != nil {
		t.Errorf("the first look found %+v, %v", edited, err)
	}
}

// What was seen stays what is compared with, until somebody accepts exactly
// what the branch holds now.
func TestAnEditStaysUntilItIsAccepted(t *testing.T) {
	now := []kube.Branch{{Name: "env/production", Commit: b}, {Name: "env/new", Commit: c}}
	edited, err := Watch(last, now, line)
	if err != nil || len(edited) != 2 {
		t.Fatal(edited, err)
	}
	kept := Remember(now, edited)
	if again, err := Watch(kept, now, line); err != nil || !slices.Equal(again, edited) {
		t.Errorf("at the next look: %+v, %v", again, err)
	}
	for annotation, want := range map[string]int{"": 2, c: 2, a: 2, "all": 2, b: 1, d: 1, b + ", " + d: 0} {
		if left := Unaccepted(edited, annotation); len(left) != want {
			t.Errorf("%q leaves %+v", annotation, left)
		}
	}
	accepted := Remember(now, Unaccepted(edited, b+","+d))
	if again, err := Watch(accepted, now, line); err != nil || again != nil {
		t.Errorf("after it was accepted: %+v, %v", again, err)
	}
}

func TestAnEditIsTold(t *testing.T) {
	for want, edited := range map[string]Edited{
		"branch main was edited: cccccccccccc does not contain dddddddddddd, which it held": {"main", d, c},
		"branch env/production is gone, which held aaaaaaaaaaaa":                            {"env/production", a, ""},
	} {
		if got := edited.String(); got != want {
			t.Errorf("told %q", got)
		}
	}
}
