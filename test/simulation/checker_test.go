package simulation

import (
	"context"
	"encoding/json"
	"io/fs"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/internal/report"
	"github.com/mlops-clinical-trials/assay/reconciler/conversation"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// checker judges pull requests with the tools of a process.
type checker struct{ *workshop }

// merged is what merging would give. What is wrong with it is the author's.
func (c checker) merged(base, head string) (map[string]string, fs.FS, []string, error) {
	if err := c.fetch(); err != nil {
		return nil, nil, nil, err
	}
	git := c.world.git
	files, err := git.merge(base, head)
	if err != nil {
		return nil, nil, nil, &conversation.Mistake{Err: err, Remedy: "merge the base branch into it"}
	}
	tree := treeOf(files)
	if err := promotion.Validate(tree); err != nil {
		return nil, nil, nil, &conversation.Mistake{Err: err, Remedy: "mend what is named"}
	}
	return files, tree, differing(git.commits[base].files, files), nil
}

// Content names what the verdict reads: of the merge, the files that
// promotion.Reads lists and those that are changed; of the environments' branches
// all, since they say whose turn it is.
func (c checker) Content(_ context.Context, base, head string) (conversation.Content, error) {
	files, tree, changed, err := c.merged(base, head)
	if err != nil {
		return conversation.Content{}, err
	}
	pairs, err := promotion.Affected(tree, changed)
	if err != nil {
		return conversation.Content{}, err
	}
	read := map[string]string{}
	for _, name := range changed {
		read[name] = files[name]
	}
	for _, pair := range pairs {
		names, err := promotion.Reads(tree, pair)
		if err != nil {
			return conversation.Content{}, err
		}
		for _, name := range names {
			read[name] = files[name]
		}
	}
	branches, err := c.Delivered()
	if err != nil {
		return conversation.Content{}, err
	}
	text, err := json.Marshal([]any{pairs, read, branches})
	return conversation.Content{Key: evidence.Sum(text), Affects: len(pairs) > 0}, err
}

// Check is a whole rehearsal.
func (c checker) Check(ctx context.Context, base, head string) (report.Report, error) {
	_, tree, changed, err := c.merged(base, head)
	if err != nil {
		return report.Report{}, err
	}
	tools, err := c.tools(c.world.git.commits[base].tree)
	if err != nil {
		return report.Report{}, err
	}
	states, failure := promotion.Check(ctx, tools, promotion.Change{Tree: tree, Changed: changed, Commit: c.commit(head), Time: time.Now()})
	told := report.New(head, reported(states, failure), failure)
	told.Turns = promotion.Resumes(states)
	if told.Allowed {
		c.world.forge.allowed[head] = true
	}
	return told, nil
}

func reported(states []*promotion.State, failure error) []report.Promotion {
	var told []report.Promotion
	for _, state := range states {
		one := report.Promotion{
			Model: state.Request.Model, Environment: state.Request.Environment, Release: state.Release.String(),
			Allowed: state.Verdict.Allowed(), Verdict: state.Verdict, Measured: state.Measured,
		}
		if stopped := promotion.FailureOf(failure, state.Request.Pair()); stopped != nil {
			one.Allowed, one.Error = false, stopped.Error()
		}
		told = append(told, one)
	}
	return told
}

// permits merges what a person has approved of at exactly this head.
func permits(_ context.Context, pull forge.PullRequest, reviews []forge.Review, _ report.Report) (bool, string, error) {
	for _, review := range reviews {
		if review.Stance == forge.Approved && review.Commit == pull.Head {
			return true, "", nil
		}
	}
	return false, "nobody has approved of it", nil
}
