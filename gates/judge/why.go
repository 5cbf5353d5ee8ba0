package judge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// Why is what a rule read of a release, and what would have satisfied it.
type Why struct {
	Rule     string           `json:"rule"`
	Finding  *gates.Finding   `json:"finding,omitempty"` // nil when the rule is met
	Read     []Reading        `json:"read"`              // what changes the rule's answer when it is left out
	Passes   []Counterfactual `json:"passes"`            // each alone would have satisfied it
	Missing  []Reading        `json:"missing"`           // what the rule names, and cannot be read
	Waivable bool             `json:"waivable"`          // by a person, with reasons
	Searched bool             `json:"searched"`          // all that there is to try has been tried
}

// Reading is a measurement of a gate.
type Reading struct {
	Gate string `json:"gate"`
	evidence.Measurement
}

// Counterfactual is one number, or the time, as it would have to be for the rule
// to be met, everything else being as it is.
type Counterfactual struct {
	Reading *Reading         `json:"reading,omitempty"` // as it is; nil for the time
	Part    Part             `json:"part"`
	Passes  Direction        `json:"passes"`
	Needed  evidence.Decimal `json:"needed"` // for the time in seconds since 1970
	Now     evidence.Decimal `json:"now"`
}

// Part is what of a measurement would be another.
type Part string

// Parts of a measurement. The whole moves with its interval as wide as it is.
const (
	PartValue Part = "value"
	PartLow   Part = "low"
	PartHigh  Part = "high"
	PartWhole Part = "whole"
	PartTime  Part = "time"
)

// Direction is on which side of a number the rule is met.
type Direction string

// Directions. Of what passes on both sides of a gap there are two counterfactuals.
const (
	AtLeast Direction = "at least"
	AtMost  Direction = "at most"
	Above   Direction = "above"
	Below   Direction = "below"
	Exactly Direction = "exactly"
)

// Bounds of a search. It asks one rule, which takes a fraction of a millisecond.
const (
	maxAsked   = 50_000
	maxReading = 64 // measurements whose numbers are varied
	whyTime    = 10 * time.Second
)

// Why asks the rule again and again, each time with one number of the evidence
// changed, because a rule is a pure function of them: what it says of others is
// what it would have said. A rule about objects or changes has no numbers.
func (j *Judge) Why(ctx context.Context, question Question, id string) (Why, error) {
	if question.Model == nil {
		return Why{}, errors.New("only a question about a model has numbers")
	}
	prepared := j.queries["model"]
	if !slices.ContainsFunc(prepared.rules, func(known rule) bool { return known.id == id }) {
		return Why{}, fmt.Errorf("%q is no rule about models", id)
	}
	verdict, err := j.Judge(ctx, question)
	if err != nil {
		return Why{}, err
	}
	bounded, cancel := context.WithTimeout(ctx, whyTime)
	defer cancel()
	asked, err := prepared.search(bounded, question, id)
	if err != nil {
		return Why{}, fmt.Errorf("preparing rule %s: %w", id, err)
	}
	why := Why{Rule: id, Read: []Reading{}, Passes: []Counterfactual{}, Missing: []Reading{}, Searched: true}
	at := slices.IndexFunc(verdict.Findings, func(found gates.Finding) bool { return found.Rule == id })
	if at >= 0 {
		why.Finding = &verdict.Findings[at]
	}
	asked.explain(&why)
	why.Searched = asked.err == nil
	return why, ctx.Err()
}

// explain fills in what the search finds.
func (s *search) explain(why *Why) {
	read := s.read()
	for _, place := range read {
		why.Read = append(why.Read, s.reading(place))
	}
	if why.Finding == nil {
		return
	}
	why.Waivable = !why.Finding.Absolute && s.holds(s.waivable, s.input)
	for _, place := range read[:min(len(read), maxReading)] {
		why.Passes = append(why.Passes, s.numbers(place)...)
	}
	if len(read) > maxReading {
		s.err = errTooMuch
	}
	why.Passes = append(why.Passes, s.times()...)
	if len(why.Passes) == 0 {
		why.Missing = s.missing()
	}
}
