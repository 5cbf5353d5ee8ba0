package simulation

import (
	"strings"
	"testing"
)

// flaws are deliberate bugs of what is outside of the reconciler, or of its own
// tools: each is one that a careless author might have left.
type flaws struct {
	lostUpdates       bool // the git server moves a ref wherever its pusher believes it to be
	headNotPinned     bool // the forge merges whatever the head is now
	commentsHidden    bool // the forge does not list what was just written
	evidenceLeftOut   bool // manifests come without evidence
	evidenceNotPacked bool // the registry gets the model and no evidence
	logForgets        bool // the log says that it kept what it did not keep
	verdictForgotten  bool // the judge finds nothing
	turnForgotten     bool // every environment is said to have held every release
	nothingWithdrawn  bool // what is not promoted any more stays on the branch
	ledgerLost        bool // a disk that comes back is empty
	neverPolled       bool // pull requests are looked at when a webhook says so, and never else
}

// enough is how many seeds must find any of them.
const enough = 600

// A simulation that finds nothing proves nothing: each flaw breaks what it is to
// break, and few seeds suffice to notice.
func TestEveryFlawIsFound(t *testing.T) {
	for name, flaw := range map[string]struct {
		made  flaws
		found string
	}{
		"lost updates":        {flaws{lostUpdates: true}, "does not follow it"},
		"head not pinned":     {flaws{headNotPinned: true}, "no verdict that allows it"},
		"comments hidden":     {flaws{commentsHidden: true}, "nothing has come to rest"},
		"evidence left out":   {flaws{evidenceLeftOut: true}, "without its evidence"},
		"evidence not packed": {flaws{evidenceNotPacked: true}, "the registry does not have it"},
		"log forgets":         {flaws{logForgets: true}, "the log holds no verdict"},
		"verdict forgotten":   {flaws{verdictForgotten: true}, "was delivered to"},
		"turn forgotten":      {flaws{turnForgotten: true}, "out of turn"},
		"nothing withdrawn":   {flaws{nothingWithdrawn: true}, "nobody promotes it"},
		"ledger lost":         {flaws{ledgerLost: true}, "trained again"},
		"never polled":        {flaws{neverPolled: true}, "is told"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(enough) {
				_, wrong := play(t, seed, flaw.made)
				if told := strings.Join(wrong, "\n"); strings.Contains(told, flaw.found) {
					t.Logf("found by seed %d", seed)
					return
				}
			}
			t.Errorf("%d seeds have not found it", enough)
		})
	}
}
