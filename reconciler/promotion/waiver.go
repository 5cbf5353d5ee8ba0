package promotion

import (
	"context"
	"fmt"
	"io/fs"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// Bounds on what is read of a folder that anybody may propose a change to.
const (
	waiverFiles   = "waivers/*.json"
	maxWaivers    = 256
	maxWaiverFile = 64 << 10 // bytes
)

// waivers are those in the repository that a trusted person has signed for this
// release in this environment. They travel with the evidence, and the rules say
// at every door anew whether they count. One that is not believed, or about
// something else, changes nothing.
func waivers(ctx context.Context, tools Tools, state *State) ([]evidence.Envelope, error) {
	names, err := fs.Glob(state.Request.Tree, waiverFiles)
	if err != nil {
		return nil, err
	}
	if len(names) > maxWaivers {
		return nil, fmt.Errorf("there are %d files in waivers, more than %d\nhint: remove those that have expired", len(names), maxWaivers)
	}
	var found []evidence.Envelope
	for _, name := range names {
		info, err := fs.Stat(state.Request.Tree, name)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		if !info.Mode().IsRegular() || info.Size() > maxWaiverFile {
			return nil, fmt.Errorf("reading %s: it is not a file of at most %d bytes", name, maxWaiverFile)
		}
		text, err := fs.ReadFile(state.Request.Tree, name)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		statement, err := tools.Trust.Verify(ctx, text)
		seen := Waived{File: name, Bundle: evidence.Sum(text), Said: statement}
		switch {
		case err != nil:
			seen.Why = []string{err.Error()}
		case statement.Waiver == nil:
			seen.Why = []string{"it is a " + statement.PredicateType}
		case statement.Waiver.Environment != state.Request.Environment || statement.Subject.Name != state.Release.Name:
			continue // the promotion that it is about tells of it
		case statement.Subject.Digest != state.Release.Digest:
			seen.Why = []string{"it is for another release"}
		default:
			found = append(found, text)
		}
		state.Waivers = append(state.Waivers, seen)
	}
	return found, nil
}

// Waived is a file among the waivers, and what it did.
type Waived struct {
	File   string
	Bundle evidence.Digest
	Said   evidence.Statement // zero when nobody who is trusted has signed it
	Why    []string           // it did not count; empty when it did
}

// waived says of each waiver whether it opened a door that was shut without it.
func waived(seen []Waived, verdict gates.Verdict) []Waived {
	told := slices.Clone(seen)
	for i, one := range told {
		if len(one.Why) == 0 {
			told[i].Why = withoutEffect(*one.Said.Waiver, one.Said.By, verdict)
		}
	}
	return told
}

func withoutEffect(waiver evidence.Waiver, by evidence.Person, verdict gates.Verdict) []string {
	if objections := verdict.Objections(waiver, by); len(objections) > 0 {
		return objections
	}
	at := slices.IndexFunc(verdict.Findings, func(found gates.Finding) bool { return found.Rule == waiver.Rule })
	switch {
	case at < 0 && slices.Contains(verdict.Evaluated, waiver.Rule):
		return []string{"the rule is met without it"}
	case at < 0:
		return []string{"there is no such rule"}
	case verdict.Findings[at].Severity == gates.Waived:
		return nil
	case !verdict.Findings[at].Denies():
		return []string{"the rule only warns"}
	}
	return []string{"what nobody knows cannot be waived"}
}
