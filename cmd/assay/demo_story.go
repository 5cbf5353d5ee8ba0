package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/mlops-clinical-trials/assay/reconciler/assembly"
	"github.com/mlops-clinical-trials/assay/test/harness"
)

// story is the demo as it is told.
type story struct {
	world    *harness.World
	out      io.Writer
	stage    *stage             // clone, keys, images
	workshop *assembly.Workshop // what an engineer asks before anything is pushed
	attempts []attempt
}

// Doors at which something can be tried.
const (
	pullRequest = "pull request"
	reconciler  = "reconciler"
	apiServer   = "API server"
)

// tell runs the acts in order. An error means that the story could not go on;
// a wrong outcome is an attempt in the table.
func (s *story) tell(ctx context.Context) error {
	for _, act := range []func(context.Context) error{
		s.setTheStage, s.proposeModels, s.mergeAndDeliver, s.admit, s.promote, s.rollBack, s.denyAtPullRequest, s.denyAtAPIServer, s.showTheRecord,
	} {
		if err := act(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *story) say(format string, arguments ...any) {
	fmt.Fprintf(s.out, "\n"+format+"\n", arguments...)
}

// check pushes a branch with a change and what people signed about it, and
// reads what the reconciler says of merging it.
func (s *story) check(ctx context.Context, branch, what, want string, change func(*stage) error) error {
	if err := s.stage.propose(ctx, branch, what, change); err != nil {
		return err
	}
	if err := s.stage.sign(ctx, branch); err != nil {
		return err
	}
	started := time.Now()
	if err := s.stage.push(ctx, branch); err != nil {
		return err
	}
	said, err := s.judged(ctx, branch)
	if err != nil {
		return err
	}
	tried := said.attempt(want)
	tried.what, tried.took = what, time.Since(started)
	s.note(tried)
	return nil
}

// note tells an attempt as it happens.
func (s *story) note(tried attempt) {
	s.attempts = append(s.attempts, tried)
	fmt.Fprintf(s.out, "  %-8s %s\n", tried.outcome(), tried.what)
	if tried.told != "" {
		fmt.Fprintf(s.out, "           %s\n", strings.TrimSpace(tried.told))
	}
}

// proposeModels is act one: two models arrive by pull request and are allowed,
// with what is not settled told as warnings.
func (s *story) proposeModels(ctx context.Context) error {
	s.say("A pull request is a branch. A statistician and a clinician sign its head. The reconciler checks each: fetch, train, measure with five gates, attest, pack, judge.")
	for _, model := range []struct{ name, dataset, what string }{
		{"breast-malignancy", "wdbc", "breast malignancy detection (WDBC, logistic)"},
		{"lung-survival", "ncctg-lung", "lung cancer survival (NCCTG, Cox)"},
	} {
		branch := "add-" + model.name
		if err := s.check(ctx, branch, model.what, "", func(on *stage) error { return on.add(model.name, model.dataset) }); err != nil {
			return err
		}
		if len(s.attempts) > 1 {
			continue
		}
		outcome, err := s.workshop.Check(ctx, "main", asks+branch)
		if err != nil {
			return err
		}
		fmt.Fprintln(s.out)
		if err := outcome.Text(s.out); err != nil {
			return err
		}
	}
	return nil
}

// mergeAndDeliver is act two: the reconciler makes the merged commit true, and
// finds everything measured already.
func (s *story) mergeAndDeliver(ctx context.Context) error {
	s.say("Merged by someone else. The reconciler finds the digests of the check, trains nothing, and writes env/development.")
	trained, err := s.stage.trainings()
	if err != nil {
		return err
	}
	started := time.Now()
	if err := s.stage.merge(ctx, "add-breast-malignancy", "add-lung-survival"); err != nil {
		return err
	}
	if err := s.delivered(ctx, "development", "breast-malignancy", "lung-survival"); err != nil {
		return err
	}
	again, err := s.stage.trainings()
	if err != nil {
		return err
	}
	s.note(attempt{what: fmt.Sprintf("merge: %d trainings before, %d after", trained, again), door: reconciler,
		allowed: trained == again, took: time.Since(started)})
	if err := s.remake(ctx); err != nil {
		return err
	}
	return s.sync(ctx, "development")
}

// remake throws every kept output away, twice: what is made again has the same
// digests, so the release is the same release. Once would not do: evidence names
// the program that trained, and the reconciler is another one.
func (s *story) remake(ctx context.Context) error {
	if err := os.RemoveAll(s.world.Ledger()); err != nil {
		return err
	}
	before, err := s.digests(ctx)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(s.world.Ledger()); err != nil {
		return err
	}
	started := time.Now()
	after, err := s.digests(ctx)
	if err != nil {
		return err
	}
	s.note(attempt{what: fmt.Sprintf("every kept output deleted: the same %d digests again", len(after)), door: reconciler,
		allowed: len(after) > 0 && slices.Equal(before, after), took: time.Since(started)})
	return nil
}

// digests are what every phase of every promotion made of its inputs.
func (s *story) digests(ctx context.Context) ([]string, error) {
	_, states, err := s.workshop.Merged(ctx, "main")
	if err != nil {
		return nil, err
	}
	var digests []string
	for _, state := range states {
		for _, output := range state.Outputs {
			digests = append(digests, string(output.Output))
		}
	}
	return digests, nil
}

// promote is act four: the next environment pins the release, and its rules
// are stricter.
func (s *story) promote(ctx context.Context) error {
	s.say("The next environment is a pull request that sets the release's digest. Its rules are stricter: what is not settled denies.")
	staging := func(model string) func(*stage) error {
		return func(on *stage) error {
			release, err := s.serving(ctx, model+".development")
			if err != nil {
				return err
			}
			return on.pin("staging", model, release)
		}
	}
	if err := s.check(ctx, "stage-breast", "breast-malignancy to staging", "", staging("breast-malignancy")); err != nil {
		return err
	}
	if err := s.check(ctx, "stage-lung", "lung-survival to staging", "model.performance.concordance", staging("lung-survival")); err != nil {
		return err
	}
	if err := s.stage.merge(ctx, "stage-breast"); err != nil {
		return err
	}
	if err := s.delivered(ctx, "staging", "breast-malignancy"); err != nil {
		return err
	}
	if err := s.sync(ctx, "staging"); err != nil {
		return err
	}
	return s.tryPod(ctx, "pod of breast-malignancy in staging", "", "models-staging", "breast-malignancy", "breast-staging", nil)
}

// rollBack is act five: development moves on, staging keeps what it pinned, and
// a revert brings the first release back, by the same digest.
func (s *story) rollBack(ctx context.Context) error {
	s.say("Development moves on; staging keeps what it pins. Rolling back is reverting a commit.")
	first, err := s.serving(ctx, "breast-malignancy.development")
	if err != nil {
		return err
	}
	started := time.Now()
	if err := s.check(ctx, "stronger-penalty", "a new version of breast-malignancy", "", strengthenPenalty); err != nil {
		return err
	}
	for _, branch := range []string{"stronger-penalty", "revert-stronger-penalty"} {
		started = time.Now()
		if err := s.stage.merge(ctx, branch); err != nil {
			return err
		}
		if err := s.delivered(ctx, "development", "breast-malignancy"); err != nil {
			return err
		}
		if err := s.delivered(ctx, "staging", "breast-malignancy"); err != nil {
			return err
		}
		if branch == "stronger-penalty" {
			if err := s.check(ctx, "revert-stronger-penalty", "its revert", "", revertMerge); err != nil {
				return err
			}
		}
	}
	release, err := s.serving(ctx, "breast-malignancy.development")
	if err != nil {
		return err
	}
	s.note(attempt{what: "rolled back: development serves the first release again", door: reconciler,
		allowed: release == first, took: time.Since(started)})
	return s.sync(ctx, "development")
}

// denyAtPullRequest is act six.
func (s *story) denyAtPullRequest(ctx context.Context) error {
	s.say("Denied at the pull request, each with the rule, the number and the remedy.")
	for _, denied := range []struct {
		branch, what, rule string
		change             func(*stage) error
	}{
		{"leaky-column", "a leaky data set", "model.dataset.leakage", leakOutcome},
		{"one-feature", "a model worse than its champion", "model.performance.non_inferiority", keepOneFeature},
		{"add-colon-mortality", "a biased model (TCGA COAD: misses more women)", "model.bias.equal_opportunity",
			func(on *stage) error { return on.add("colon-mortality", "tcga-coad") }},
		{"no-intended-use", "a model card without intended use", "model.compliance.intended_use", forgetIntendedUse},
		{"old-image", "a serving image with a critical vulnerability", "model.security.vulnerabilities", serveWithOldImage},
		{"contact-details", "a data set with patient identifiers", "model.dataset.identifiers", addContactDetails},
	} {
		if err := s.check(ctx, denied.branch, denied.what, denied.rule, denied.change); err != nil {
			return err
		}
	}
	return nil
}

// showTheRecord ends where a git user looks.
func (s *story) showTheRecord(ctx context.Context) error {
	said, err := s.judged(ctx, "no-intended-use")
	if err != nil {
		return err
	}
	s.say("The conversation is in git notes: git log --notes=assay-checks origin/%sno-intended-use", asks)
	for _, line := range said.head(6) {
		fmt.Fprintf(s.out, "  %s\n", line)
	}
	return nil
}
