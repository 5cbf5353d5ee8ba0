package environment

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/api/kube"
)

// AcceptHistory is the annotation on a Repository by which somebody accepts
// branches that lost their past: the commits that they hold now, with commas.
const AcceptHistory = "assay.dev/accept-history"

// Edited is a branch that does not contain what it held before.
type Edited struct {
	Branch string
	Was    string
	Is     string // empty when the branch is gone
}

// Watch compares the tips of branches with those that were seen last. Whoever
// may push can rewrite a branch; what it held is then in nobody's history, and
// "was admitted here before" proves nothing any more. A branch that is new has no
// past to lose. What cannot be asked is an error, and no branch that is whole.
func Watch(last, now []kube.Branch, contains func(commit, ancestor string) (bool, error)) ([]Edited, error) {
	var edited []Edited
	for _, was := range last {
		is := tip(now, was.Name)
		if is == was.Commit {
			continue
		}
		whole := false
		if is != "" {
			var err error
			if whole, err = contains(is, was.Commit); err != nil {
				return nil, fmt.Errorf("asking whether %s still holds %.12s: %w", was.Name, was.Commit, err)
			}
		}
		if !whole {
			edited = append(edited, Edited{was.Name, was.Commit, is})
		}
	}
	return edited, nil
}

func tip(branches []kube.Branch, name string) string {
	for _, branch := range branches {
		if branch.Name == name {
			return branch.Commit
		}
	}
	return ""
}

// Unaccepted leaves out what somebody has accepted, by the commit that the
// branch holds now: what comes to it later is not meant. That a branch is gone is
// accepted by the commit that it held.
func Unaccepted(edited []Edited, annotation string) []Edited {
	accepted := strings.FieldsFunc(annotation, func(r rune) bool { return r == ',' || r == ' ' })
	return slices.DeleteFunc(slices.Clone(edited), func(one Edited) bool {
		return slices.Contains(accepted, one.commit())
	})
}

func (e Edited) commit() string {
	if e.Is == "" {
		return e.Was
	}
	return e.Is
}

// Remember is what to compare with next time: the tips of now, but of a branch
// that lost its past what it held when it was whole.
func Remember(now []kube.Branch, edited []Edited) []kube.Branch {
	kept := slices.Clone(now)
	for _, one := range edited {
		kept = slices.DeleteFunc(kept, func(branch kube.Branch) bool { return branch.Name == one.Branch })
		kept = append(kept, kube.Branch{Name: one.Branch, Commit: one.Was})
	}
	slices.SortFunc(kept, func(a, b kube.Branch) int { return strings.Compare(a.Name, b.Name) })
	return kept
}

// String tells people what happened.
func (e Edited) String() string {
	if e.Is == "" {
		return fmt.Sprintf("branch %s is gone, which held %.12s", e.Branch, e.Was)
	}
	return fmt.Sprintf("branch %s was edited: %.12s does not contain %.12s, which it held", e.Branch, e.Is, e.Was)
}
