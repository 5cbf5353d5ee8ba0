package assembly

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/reconciler/environment"
)

// tips are those of the merged branch and of the environments' branches as they
// were seen last: what they hold later has to contain that.
type tips struct {
	mu       sync.Mutex
	last     []kube.Branch
	accepted string
	edited   []environment.Edited
	writing  bool // a run is moving branches itself
}

// Remember says what the branches held when somebody looked last, so that a
// history that was edited while nobody ran is noticed too, and which edits somebody
// has accepted (environment.AcceptHistory). What this workshop has seen itself is
// newer, and stays.
func (w *Workshop) Remember(last []kube.Branch, accepted string) {
	w.tips.mu.Lock()
	defer w.tips.mu.Unlock()
	if w.tips.last == nil {
		w.tips.last = slices.Clone(last)
	}
	w.tips.accepted = accepted
}

// Branches are the tips to compare with at the next look: of a branch that lost
// its past, what it held before.
func (w *Workshop) Branches(branch string) ([]kube.Branch, error) {
	now, err := w.branchesNow(branch)
	if err != nil {
		return nil, err
	}
	w.tips.mu.Lock()
	defer w.tips.mu.Unlock()
	return environment.Remember(now, w.tips.edited), nil
}

func (w *Workshop) branchesNow(branch string) ([]kube.Branch, error) {
	delivered, err := w.Delivered()
	if err != nil {
		return nil, err
	}
	var now []kube.Branch
	for _, name := range slices.Sorted(maps.Keys(delivered)) {
		now = append(now, kube.Branch{Name: name, Commit: delivered[name]})
	}
	if tip, err := w.Repository.Resolve(branch); err == nil {
		now = append(now, kube.Branch{Name: branch, Commit: tip.Hash})
	}
	return now, nil
}

// watch compares what was fetched with what was seen last, before a run writes to
// branches, and after it.
func (w *Workshop) watch(ctx context.Context, branch string, writing bool) error {
	now, err := w.branchesNow(branch)
	if err != nil {
		return err
	}
	w.tips.mu.Lock()
	defer w.tips.mu.Unlock()
	edited, err := environment.Watch(w.tips.last, now, func(commit, ancestor string) (bool, error) {
		return w.Repository.Contains(ctx, commit, ancestor)
	})
	if err != nil {
		return err
	}
	w.tips.edited = environment.Unaccepted(edited, w.tips.accepted)
	w.tips.last, w.tips.writing = environment.Remember(now, w.tips.edited), writing
	return nil
}

// unseen holds when an environment's branch is elsewhere than this workshop left it:
// a reason to look again, though nothing was merged.
func (w *Workshop) unseen(branch string) bool {
	now, err := w.branchesNow(branch)
	w.tips.mu.Lock()
	defer w.tips.mu.Unlock()
	if err != nil || w.tips.last == nil || w.tips.writing {
		return err != nil
	}
	known := map[string]string{}
	for _, one := range w.tips.last {
		known[one.Name] = one.Commit
	}
	for _, one := range w.tips.edited {
		known[one.Branch] = one.Is
	}
	moved := func(one kube.Branch) bool { return one.Name != branch && known[one.Name] != one.Commit }
	return slices.ContainsFunc(now, moved)
}

// whole holds when no branch has lost its past.
func (w *Workshop) whole() bool {
	w.tips.mu.Lock()
	defer w.tips.mu.Unlock()
	return len(w.tips.edited) == 0
}

// edits tells each environment what it is stopped by. A branch of no environment
// is the merged one, and the past of all of them.
func (w *Workshop) edits(environments []string) map[string][]string {
	w.tips.mu.Lock()
	defer w.tips.mu.Unlock()
	told := map[string][]string{}
	for _, one := range w.tips.edited {
		name, own := strings.CutPrefix(one.Branch, branchOf(""))
		for _, environment := range environments {
			if !own || environment == name {
				told[environment] = append(told[environment], one.String())
			}
		}
	}
	return told
}
