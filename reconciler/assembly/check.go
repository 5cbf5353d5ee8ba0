package assembly

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// NotesRef is where verdicts are written, for `git log --notes=assay`.
const NotesRef = "refs/notes/assay"

// Check rehearses what merging head into base would promote. The verdict is
// asked of the merge, not of the head alone.
func (w *Workshop) Check(ctx context.Context, base, head string) (report.Report, error) {
	if err := w.Repository.Fetch(ctx); err != nil {
		return report.Report{}, err
	}
	proposed, err := w.proposal(base, head)
	if err != nil {
		return report.Report{}, err
	}
	tools, err := w.Tools(ctx, proposed.trusted)
	if err != nil {
		return report.Report{}, err
	}
	if tools.History, err = w.historyOf(proposed.trusted, proposed.Base, proposed.Head); err != nil {
		return report.Report{}, err
	}
	states, err := promotion.Check(ctx, tools, promotion.Change{
		Tree: proposed.Files, Changed: proposed.Changed, Commit: committed(proposed.commit), Time: w.options.Clock(),
	})
	told := Reported(states, err)
	for i, state := range states {
		told[i].Curves = draw(ctx, state)
		told[i].Locate(proposed.Files)
		if err := w.compare(ctx, tools, state, &told[i]); err != nil {
			return report.Report{}, err
		}
	}
	outcome := report.New(proposed.Head, told, err)
	outcome.Turns = promotion.Resumes(states)
	return outcome, nil
}

// Tip is the commit that a branch of the remote holds now. It is none where
// approvals have come or gone since Merged looked, which need no commit, and where
// somebody else has pushed to an environment's branch.
func (w *Workshop) Tip(ctx context.Context, branch string) (string, error) {
	if err := w.Repository.Fetch(ctx, branch, branchOf("*"), gitrepo.Approvals+"*"); err != nil {
		return "", err
	}
	if w.unseen(branch) {
		return "", nil
	}
	approvals, err := w.Repository.Refs(gitrepo.Approvals)
	if seen := w.approvals.Load(); err != nil || seen != nil && !maps.Equal(*seen, approvals) {
		return "", err
	}
	commit, err := w.Repository.Resolve(branch)
	return commit.Hash, err
}

// Merged makes the merged truth of a branch real, and stops where a verdict
// denies.
func (w *Workshop) Merged(ctx context.Context, branch string) (string, []*promotion.State, error) {
	if err := w.Repository.Fetch(ctx); err != nil {
		return "", nil, err
	}
	approvals, err := w.Repository.Refs(gitrepo.Approvals)
	if err != nil {
		return "", nil, err
	}
	w.approvals.Store(&approvals)
	tip, err := w.Repository.Resolve(branch)
	if err != nil {
		return "", nil, err
	}
	tree, err := w.Repository.Tree(tip.Hash)
	if err != nil {
		return tip.Hash, nil, err
	}
	if err := w.watch(ctx, branch, true); err != nil {
		return tip.Hash, nil, err
	}
	if err := w.order(ctx, tree); err != nil {
		return tip.Hash, nil, err
	}
	if err := promotion.Validate(tree); err != nil {
		return tip.Hash, nil, err
	}
	tools, err := w.Tools(ctx, tree)
	if err != nil {
		return tip.Hash, nil, err
	}
	if tools.History, err = w.historyOf(tree, "", tip.Hash); err != nil {
		return tip.Hash, nil, err
	}
	proposed, err := w.proposedBy(tip)
	if err != nil {
		return tip.Hash, nil, err
	}
	pairs, err := promotion.Pairs(tree)
	if err != nil {
		return tip.Hash, nil, err
	}
	earlier, err := w.earlier(branch, tip.Hash)
	if err != nil {
		return tip.Hash, nil, err
	}
	states, failure := promotion.RunMerged(ctx, tools, pairs, promotion.Request{Tree: tree, Commit: proposed, Time: w.options.Clock()}, earlier)
	err = errors.Join(failure, w.withdraw(ctx, tools, pairs), w.order(ctx, tree), w.watch(ctx, branch, false))
	return tip.Hash, states, errors.Join(err, w.keep(tip.Hash, states, err))
}

// withdraw takes off the environments' branches what main promotes no more:
// so reverting the commit that promoted a model takes the model away. Where a
// branch lost its past nothing goes, as nothing comes.
func (w *Workshop) withdraw(ctx context.Context, tools promotion.Tools, pairs []promotion.Pair) error {
	promoted := map[string][]string{}
	for _, pair := range pairs {
		promoted[pair.Environment] = append(promoted[pair.Environment], pair.Model)
	}
	var failed []error
	for _, environment := range tools.Platform.Spec.Environments {
		if len(tools.Edited[environment]) > 0 {
			continue
		}
		failed = append(failed, tools.Deliverer.Withdraw(ctx, environment, promoted[environment]))
	}
	return errors.Join(failed...)
}

// proposedBy is the author of what was merged: who merges is not who proposes,
// so behind a merge commit it is the merged head. It looks no further back. A
// head that is a merge itself was made by its author, who could else pass for
// somebody by merging a commit of theirs.
func (w *Workshop) proposedBy(merged gitrepo.Commit) (gates.Commit, error) {
	if len(merged.Parents) != 2 {
		return committed(merged), nil
	}
	head, err := w.Repository.Resolve(merged.Parents[1])
	return committed(head), err
}

func committed(commit gitrepo.Commit) gates.Commit {
	return gates.Commit{Hash: commit.Hash, Author: commit.Author.Email, Time: commit.Author.Time}
}

// Record writes the report as a note on the commit it is about.
func (w *Workshop) Record(ctx context.Context, outcome report.Report) error {
	var text bytes.Buffer
	if err := outcome.Text(&text); err != nil {
		return err
	}
	if err := w.Repository.Note(ctx, NotesRef, outcome.Commit, text.Bytes(), w.author()); err != nil {
		return fmt.Errorf("writing the verdict as a git note: %w", err)
	}
	return nil
}

// Reported is what people are told of promotions.
func Reported(states []*promotion.State, failure error) []report.Promotion {
	var told []report.Promotion
	for _, state := range states {
		one := report.Promotion{
			Model: state.Request.Model, Environment: state.Request.Environment,
			Dataset: state.Recipe.Dataset, Pinned: state.Objects.Promotion.Spec.Release != "", Allowed: state.Verdict.Allowed(), Verdict: state.Verdict, Measured: state.Measured,
		}
		if !state.Release.Zero() {
			one.Release = state.Release.String()
		}
		if !state.Champion.Zero() {
			one.Champion = state.Champion.String()
		}
		for _, output := range state.Outputs {
			one.Phases = append(one.Phases, report.Phase{
				Name: output.Phase, Input: string(output.Input), Output: string(output.Output),
				Cached: output.Cached, Millis: output.Took.Milliseconds(),
			})
		}
		if stopped := promotion.FailureOf(failure, state.Request.Pair()); stopped != nil {
			one.Allowed, one.Error = false, stopped.Error()
		}
		told = append(told, one)
	}
	return told
}
