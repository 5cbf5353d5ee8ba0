package assembly

import (
	"maps"
	"sync"
	"time"

	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// whole is how often everything that is merged is run again, whatever has
// changed: evidence ages, and so does a vulnerability database.
const whole = 10 * time.Minute

// reached is what Merged has reached, from one run to the next.
type reached struct {
	mu        sync.Mutex
	branch    string
	commit    string
	since     time.Time // of the last run of everything
	approvals map[string]string
	delivered map[string]string
	states    map[promotion.Pair]*promotion.State
}

// earlier is what may be left as it is. To be asked for the same commit again is
// to be asked to judge it anew, and what changes outside of a commit (approvals,
// an environment's branch, time) may bear on everything.
func (w *Workshop) earlier(branch, commit string) (promotion.Earlier, error) {
	delivered, err := w.Delivered()
	if err != nil {
		return promotion.Earlier{}, err
	}
	last := &w.reached
	last.mu.Lock()
	defer last.mu.Unlock()
	approvals, now := *w.approvals.Load(), w.options.Clock()
	known := last.branch == branch && last.commit != commit && now.Sub(last.since) < whole &&
		maps.Equal(last.approvals, approvals) && maps.Equal(last.delivered, delivered) && w.whole()
	if !known {
		last.branch, last.since, last.approvals, last.states = branch, now, maps.Clone(approvals), nil
		return promotion.Earlier{}, nil
	}
	changed, err := w.Repository.Changed(last.commit, commit)
	return promotion.Earlier{States: last.states, Changed: changed}, err
}

// keep remembers where promotions have come to. One that was stopped by an error
// is run again.
func (w *Workshop) keep(commit string, states []*promotion.State, failure error) error {
	delivered, err := w.Delivered()
	if err != nil {
		return err
	}
	w.reached.mu.Lock()
	defer w.reached.mu.Unlock()
	w.reached.commit, w.reached.delivered = commit, delivered
	w.reached.states = map[promotion.Pair]*promotion.State{}
	for _, state := range states {
		if pair := state.Request.Pair(); promotion.FailureOf(failure, pair) == nil {
			w.reached.states[pair] = state
		}
	}
	return nil
}
