package conversation

import (
	"errors"

	"github.com/mlops-clinical-trials/assay/internal/forge"
)

// seen is what is known of a pull request so far. Each step adds to it.
type seen struct {
	pull      forge.PullRequest
	announced bool
	consent   *consent // of a person, to look into a fork; nil before it was asked for
	content   *Content // nil before it was weighed
	judged    *Judged  // nil while there is no verdict
	reused    bool
	failure   error   // what stopped the weighing or the check
	permit    *permit // nil before it was asked for
	merged    string  // commit
	refused   error   // why the forge did not merge
}

// permit says whether it is merged without a person, and why it waits.
type permit struct {
	merge bool
	waits string
}

// step is what is done next.
type step int

const (
	rest     step = iota // there is nothing left to do
	announce             // say that it is being judged, unless more was said
	ask                  // whether a person vouches for a fork
	weigh                // what is there to judge, and is its verdict known?
	check                // judge it; until then nothing passes
	allow                // ask whether it is merged without a person
	merge
)

// steps is more than a look can take.
const steps = 10

// plan is what is said now, and what is done after that.
type plan struct {
	checks    []forge.Check // the first is the summary
	overtaken []forge.Check // in the place of those of an earlier verdict that pass
	comment   *forge.Comment
	step      step
}

// decide says what comes next. It is a function of its arguments alone.
func decide(known seen, options Options) plan {
	pull := known.pull
	switch {
	case pull.State != forge.Open || pull.Base != options.Branch || options.Branch == "":
		return plan{}
	case !known.announced:
		return plan{step: announce}
	case pull.BaseCommit == "":
		return stopped(pull, &Mistake{errBaseGone, "open it again for another branch"})
	case pull.Fork && known.consent == nil:
		return plan{step: ask}
	case pull.Fork && !known.consent.given:
		return foreign(pull, *known.consent)
	case known.failure != nil:
		return stopped(pull, known.failure)
	case known.content == nil:
		return plan{step: weigh}
	case known.content.Affects && known.judged == nil:
		return plan{step: check}
	case !known.content.Affects || known.judged.empty():
		return unaffected(pull)
	}
	return settle(known, options)
}

var errBaseGone = errors.New("the branch that it asks to be merged into is gone")

// settle says the verdict before anything is merged, and whether it will be.
func settle(known seen, options Options) plan {
	mergeable := known.judged.Report.Allowed && options.Merge != nil && !known.pull.Draft && !known.pull.Fork
	if mergeable && known.permit == nil {
		return plan{step: allow}
	}
	said := verdict(known, options)
	if mergeable && known.permit.merge && known.merged == "" && known.refused == nil {
		said.step = merge
	}
	return said
}

// outcome is the plan's, for those who keep a list.
func (p plan) outcome(known seen) Outcome {
	pull := known.pull
	told := Outcome{
		Number: pull.Number, State: pull.State, Head: pull.Head, Base: pull.BaseCommit, Link: pull.URL,
		Merged: known.merged, Reused: known.reused,
	}
	if pull.State == forge.Merged {
		told.Merged = pull.MergeCommit
	}
	if known.merged != "" {
		told.State = forge.Merged
	}
	if len(p.checks) > 0 {
		told.Check, told.Title = p.checks[0].Outcome, p.checks[0].Title
		if link := p.checks[0].Link; link != "" {
			told.Link = link
		}
	}
	var mistake *Mistake
	told.Retry = errors.Is(known.refused, forge.ErrMoved) || known.failure != nil && !errors.As(known.failure, &mistake) ||
		known.judged != nil && !known.judged.final()
	if known.refused != nil {
		told.Title += "; the forge does not merge it: " + firstLine(known.refused.Error())
	}
	return told
}
