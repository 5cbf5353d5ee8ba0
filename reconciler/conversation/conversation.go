package conversation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

// Options are how a conversation is led.
type Options struct {
	// Branch is that of the promotion repository. Pull requests into others are
	// none of ours, and without a branch none are.
	Branch string
	// Clock says what time it is.
	Clock func() time.Time
	// Link is where people read the whole report of a commit; empty or nil where
	// there is no such place.
	Link func(head string) string
	// Merge says whether a pull request that was judged and allowed is merged
	// without a person. Without it none is.
	Merge Merging
}

// Merging says whether a pull request that was judged and allowed is merged
// without a person, and else why it waits; nothing, where a person has to merge
// it anyway. Whoever answers yes vouches that it is one that we proposed, that
// every environment that it promotes to says `merge: automatic`, and that the
// reviews which these require are there: of this head, by people in those roles.
type Merging func(ctx context.Context, pull forge.PullRequest, reviews []forge.Review, judged report.Report) (merge bool, waits string, err error)

// Outcome is what a look came to.
type Outcome struct {
	Number int64
	State  forge.State
	Head   string
	Base   string        // commit
	Check  forge.Outcome // of the summary
	Title  string        // of the summary, one line; empty where nothing is said
	Link   string        // for people: to the report, else to the pull request
	Merged string        // commit of the merge, once there is one
	Reused bool          // the verdict was known
	Retry  bool          // what stopped the look was not the change: look again soon
}

// Conversation is about the pull requests of one repository.
type Conversation struct {
	forge    forge.Forge
	checker  Checker
	verdicts Verdicts
	options  Options
}

// New leads a conversation on a forge.
func New(forge forge.Forge, checker Checker, verdicts Verdicts, options Options) *Conversation {
	return &Conversation{forge, checker, verdicts, options}
}

// Open lists the pull requests that there is something to say about.
func (c *Conversation) Open(ctx context.Context) ([]forge.PullRequest, error) {
	pulls, err := c.forge.Open(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(pulls, func(pull forge.PullRequest) bool { return pull.Base != c.options.Branch }), nil
}

// Look makes true what is said on one pull request. It may be called at any
// time, any number of times, by several processes at once. An error says that
// the forge could not be asked or told, or that the context ended; what is wrong
// with the pull request is an [Outcome].
func (c *Conversation) Look(ctx context.Context, number int64) (Outcome, error) {
	pull, err := c.forge.Get(ctx, number)
	if err != nil {
		return Outcome{}, err
	}
	known := seen{pull: pull}
	for range steps {
		next := decide(known, c.options)
		if err := c.say(ctx, pull, next); err != nil {
			return Outcome{}, err
		}
		if next.step == rest {
			return next.outcome(known), nil
		}
		if known, err = c.take(ctx, next.step, known); err != nil {
			return Outcome{}, err
		}
	}
	return Outcome{}, fmt.Errorf("pull request %d: nothing is settled after %d steps", number, steps)
}

// say puts checks before the comment: machines wait for them.
func (c *Conversation) say(ctx context.Context, pull forge.PullRequest, next plan) error {
	if len(next.checks) > 0 {
		if err := c.forge.Report(ctx, pull.Head, next.checks); err != nil {
			return err
		}
	}
	if len(next.overtaken) > 0 {
		if err := c.forge.Suspend(ctx, pull.Head, next.overtaken); err != nil {
			return err
		}
	}
	if next.comment == nil {
		return nil
	}
	return c.forge.Comment(ctx, pull.Number, *next.comment)
}
