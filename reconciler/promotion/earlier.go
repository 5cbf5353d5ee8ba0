package promotion

import (
	"path"
	"strings"
	"time"
)

// Earlier is what the last run over a branch reached, and what has changed since.
// A promotion on which none of that bears is left as it is: one changed model
// among a thousand costs one. Of what the clock does it knows freezes alone, so
// whoever runs over a branch forgets what is earlier now and then, and runs
// everything.
type Earlier struct {
	States  map[Pair]*State
	Changed []string // paths
}

// unchanged is the state that a promotion is still in; nil where it has to be
// run. The files of other models bear on no promotion, and whatever is not known
// to belong to another bears on all. Nor is a promotion left as it is when its
// model was run anew in an environment before: it may have come to its turn.
func (e Earlier) unchanged(pair Pair, anew map[string]bool, now time.Time) *State {
	last := e.States[pair]
	if last == nil || anew[pair.Model] || last.turned(now) {
		return nil
	}
	for _, name := range e.Changed {
		if e.bears(name, pair, last) {
			return nil
		}
	}
	kept := *last
	kept.Unchanged = true
	return &kept
}

func (e Earlier) bears(name string, pair Pair, last *State) bool {
	folder, rest, _ := strings.Cut(name, "/")
	whose, file, inFolder := strings.Cut(rest, "/")
	switch {
	case !inFolder:
		return true
	case folder == "models":
		return whose == pair.Model
	case folder == "datasets":
		return whose == last.Objects.Model.Spec.Dataset
	case folder == "environments" && file != path.Base(environmentFile(whose)):
		return name == pair.File()
	}
	return true
}

// Summary is what a status tells of a promotion, and what the next run compares
// with. Evidence and manifests are in the registry and on the branches by then: a
// thousand of them would fill the memory.
func (s *State) Summary() *State {
	request := s.Request
	request.Tree, request.Changed = nil, nil
	kept := &State{
		Request: request, Unchanged: s.Unchanged, Release: s.Release, Champion: s.Champion,
		Verdict: s.Verdict, Turns: s.Turns, Head: s.Head, Branch: s.Branch, Outputs: s.Outputs,
	}
	kept.Objects.Model.Spec.Dataset = s.Objects.Model.Spec.Dataset
	kept.Objects.Promotion.Spec.Release = s.Objects.Promotion.Spec.Release
	return kept
}
