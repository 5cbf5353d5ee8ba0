package promotion

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// Request names what is to be made true.
type Request struct {
	Tree        fs.FS    // the promotion repository at a commit
	Changed     []string // paths that a proposed change touches; none once it is merged
	Commit      gates.Commit
	Environment string
	Model       string
	Time        time.Time // the instant that rules about expiry are asked about
	Until       string    // the last phase to take; empty for all
}

// Pair is the promotion that the request is about.
func (r Request) Pair() Pair { return Pair{r.Environment, r.Model} }

// Output is what a phase made of its inputs.
type Output struct {
	Phase  string          `json:"phase"`
	Input  evidence.Digest `json:"input"`
	Output evidence.Digest `json:"output"`
	Cached bool            `json:"cached"`
	Took   time.Duration   `json:"took"`
}

// Event tells that a phase starts (Done is false) or has ended.
type Event struct {
	Request Request
	Phase   string
	Done    bool
	Output  Output
	Err     error
}

// phase is one arrow. It reads the state, adds what it made, and answers with
// the digests of both.
type phase struct {
	name string
	run  func(context.Context, Tools, *State) (Output, error)
}

// Conditions, in order: the past tense of the verbs.
var phases = []phase{
	{"Fetched", fetch},
	{"Trained", train},
	{"Measured", measure},
	{"Attested", attest},
	{"Packed", pack},
	{isJudged, ask},
	{isLogged, enter},
	{isRendered, render},
}

// The last conditions. Delivered is no phase of a promotion alone: it is
// reached by all that a run has for one environment at once.
const (
	isJudged    = "Judged"
	isLogged    = "Logged"
	isRendered  = "Rendered"
	isDelivered = "Delivered"
)

// Phases lists the conditions in order.
func Phases() []string {
	var names []string
	for _, phase := range phases {
		names = append(names, phase.name)
	}
	return append(names, isDelivered)
}

// Error says in which phase nothing more could be done.
type Error struct {
	Pair  Pair
	Phase string
	Err   error
}

func (e *Error) Error() string { return e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// FailureOf is the error that stopped one promotion, among those of RunAll.
func FailureOf(err error, pair Pair) *Error {
	switch err := err.(type) {
	case *Error: // not what it wraps: a phase may have joined errors itself
		if err.Pair == pair {
			return err
		}
	case interface{ Unwrap() []error }:
		for _, one := range err.Unwrap() {
			if stopped := FailureOf(one, pair); stopped != nil {
				return stopped
			}
		}
	}
	return nil
}

// Run takes one promotion through the phases, as far as the verdict lets it.
// The State is what was reached, also when there is an error.
func Run(ctx context.Context, tools Tools, request Request) (*State, error) {
	state, err := prepare(ctx, tools, request)
	if err == nil && state.deliverable() {
		for _, failure := range deliver(ctx, tools, []*State{state}) {
			err = failure
		}
	}
	return state, err
}

// prepare takes a promotion through all phases but the last.
func prepare(ctx context.Context, tools Tools, request Request) (*State, error) {
	state := &State{Request: request}
	return state, carry(ctx, tools, state)
}

// carry takes a promotion through the phases that it has not been through.
func carry(ctx context.Context, tools Tools, state *State) error {
	request := state.Request
	for _, phase := range phases[len(state.Outputs):] {
		if err := Interrupted(ctx); err != nil {
			return stoppedIn(ctx, tools, state, phase.name, err)
		}
		tools.tell(ctx, Event{Request: request, Phase: phase.name})
		started := time.Now()
		output, err := phase.run(ctx, tools, state)
		output.Phase, output.Took = phase.name, time.Since(started)
		tools.tell(ctx, Event{Request: request, Phase: phase.name, Done: true, Output: output, Err: err})
		if err != nil {
			return stoppedIn(ctx, tools, state, phase.name, err)
		}
		state.Outputs = append(state.Outputs, output)
		denied := phase.name == isLogged && !state.Verdict.Allowed()
		if denied || phase.name == request.Until {
			return nil
		}
	}
	return nil
}

func stoppedIn(ctx context.Context, tools Tools, state *State, phase string, err error) *Error {
	pair := state.Request.Pair()
	return &Error{pair, phase, fmt.Errorf("%s in %s: %w", pair.Model, pair.Environment, locate(ctx, tools, state, err))}
}

// deliverable holds when the manifests are there and nobody asked to stop at
// them. A denied promotion never has any.
func (s *State) deliverable() bool {
	return s.Request.Until != isRendered && len(s.Outputs) > 0 && s.Outputs[len(s.Outputs)-1].Phase == isRendered
}

func (t Tools) tell(ctx context.Context, event Event) {
	if t.Watch != nil {
		t.Watch(ctx, event)
	}
}
