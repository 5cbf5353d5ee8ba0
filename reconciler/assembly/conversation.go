package assembly

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
	"github.com/mlops-clinical-trials/assay/policies"
	"github.com/mlops-clinical-trials/assay/reconciler/conversation"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

var _ conversation.Checker = (*Workshop)(nil)

// proposal is a change as it would be merged, and what it is judged by.
type proposal struct {
	gitrepo.Merge
	commit  gitrepo.Commit // the head
	trusted fs.FS          // the base: what decides comes from there
}

func (w *Workshop) proposal(base, head string) (proposal, error) {
	merged, err := w.Repository.MergeTree(base, head)
	if err != nil {
		return proposal{}, err
	}
	commit, err := w.Repository.Resolve(merged.Head)
	if err != nil {
		return proposal{}, err
	}
	trusted, err := w.Repository.Tree(merged.Base)
	return proposal{merged, commit, trusted}, err
}

// Content implements conversation.Checker: it reads git, and measures nothing.
func (w *Workshop) Content(ctx context.Context, base, head string) (conversation.Content, error) {
	if err := w.fetch(ctx, base, head); err != nil {
		return conversation.Content{}, err
	}
	proposed, err := w.proposal(base, head)
	if err != nil {
		return conversation.Content{}, mistaken(ctx, err)
	}
	if err := promotion.Validate(proposed.Files); err != nil {
		return conversation.Content{}, mistaken(ctx, err)
	}
	pairs, err := promotion.Affected(proposed.Files, proposed.Changed)
	if err != nil {
		return conversation.Content{}, mistaken(ctx, err)
	}
	if len(pairs) == 0 {
		return conversation.Content{}, nil
	}
	key, err := w.keyOf(ctx, proposed, pairs)
	return conversation.Content{Key: key, Affects: true}, err
}

// fetch brings what the remote has. The head of a fork stands under a name of
// the forge's own.
func (w *Workshop) fetch(ctx context.Context, base, head string) error {
	if err := w.Repository.Fetch(ctx); err != nil {
		return err
	}
	if _, err := w.Repository.Resolve(base); err != nil {
		return err
	}
	_, err := w.Repository.Resolve(head)
	if !errors.Is(err, gitrepo.ErrNotFound) {
		return err
	}
	if err := w.Repository.Fetch(ctx, foreignHeads...); err != nil {
		return err
	}
	if _, err = w.Repository.Resolve(head); errors.Is(err, gitrepo.ErrNotFound) {
		return &conversation.Mistake{Err: fmt.Errorf("commit %s is not to be had: its branch is gone", head), Remedy: "push the branch again"}
	}
	return err
}

// foreignHeads are those of pull requests on GitHub and Gitea, and of merge
// requests on GitLab.
var foreignHeads = []string{"refs/pull/*/head", "refs/merge-requests/*/head"}

// mistaken tells what the author of a change has to mend from what stopped us.
func mistaken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	var conflict *gitrepo.ConflictError
	if errors.As(err, &conflict) {
		return &conversation.Mistake{Err: conflict, Remedy: "merge the base branch into this one, settle the conflict there, and push"}
	}
	return &conversation.Mistake{Err: err, Remedy: "mend it in another commit, and push; assay check says the same beforehand"}
}

// keyOf names everything that the verdicts about some promotions read. What is
// outside of git has no place in it: a verdict that stands on that ends by time.
func (w *Workshop) keyOf(ctx context.Context, proposed proposal, pairs []promotion.Pair) (evidence.Digest, error) {
	court, err := w.courtOf(proposed)
	if err != nil {
		return "", err
	}
	history, err := w.historyOf(proposed.trusted, proposed.Base, proposed.Head)
	if err != nil {
		return "", err
	}
	key := []any{"verdict v1", court}
	for _, pair := range pairs {
		read, err := w.contents(proposed, pair)
		if err != nil {
			return "", err
		}
		account, err := history.Account(ctx, proposed.Files, pair)
		if err != nil {
			return "", err
		}
		account.Recipe = fmt.Sprint(account.Recipe != "") // a rebase gives the same recipe another commit
		held, err := w.heldBefore(proposed, pair)
		if err != nil {
			return "", err
		}
		soaked, err := w.soaked([]fs.FS{proposed.Files, proposed.trusted}, pair)
		if err != nil {
			return "", err
		}
		key = append(key, pair, read, account, held, soaked, w.edits([]string{pair.Environment}))
	}
	text, err := json.Marshal(key)
	if err != nil {
		return "", err
	}
	return evidence.Sum(text), nil
}

// rules is the digest of the rules that this program has.
var rules = sync.OnceValues(func() (evidence.Digest, error) {
	return sumOf(policies.FS)
})

func sumOf(tree fs.FS) (evidence.Digest, error) {
	files := map[string]evidence.Digest{}
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(tree, name)
		files[name] = evidence.Sum(text)
		return err
	})
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(files)
	return evidence.Sum(text), err
}

// courtOf is what judges, whatever is judged: this program and its key, and what
// is merged of rules, orders and people.
func (w *Workshop) courtOf(proposed proposal) ([]any, error) {
	own, err := rules()
	if err != nil {
		return nil, err
	}
	platform, err := promotion.ReadPlatform(proposed.trusted)
	if err != nil {
		return nil, err
	}
	merged := []string{"assay.yaml", "policies", "quarantines", "freezes"}
	if platform.Spec.Keyless != nil {
		merged = append(merged, platform.Spec.Keyless.TrustedRoot)
	}
	contents, err := w.Repository.Contents(proposed.Base, merged...)
	if err != nil {
		return nil, err
	}
	return []any{version(), w.options.Signer.Key(), w.options.Rehearsal != nil, w.options.Commands, own, contents}, nil
}

// heldBefore is what the branch of the environment holds of a model, and which
// releases it and the environments before it have held: what a candidate is
// compared with, and whether it is its turn.
func (w *Workshop) heldBefore(proposed proposal, pair promotion.Pair) ([]string, error) {
	platform, err := promotion.ReadPlatform(proposed.Files)
	if err != nil {
		return nil, err
	}
	var held []string
	for _, environment := range platform.Spec.Environments {
		versions, err := w.Repository.Versions(branchOf(environment), releaseOf(pair.Model))
		if err != nil && !errors.Is(err, gitrepo.ErrNotFound) {
			return nil, err
		}
		held = append(held, environment)
		for i, version := range versions {
			if before := version.Content == "" && i == len(versions)-1; !before { // the model ever came
				held = append(held, version.Content)
			}
		}
		if environment != pair.Environment {
			continue
		}
		now, err := w.Repository.Contents(branchOf(environment), pair.Model)
		if errors.Is(err, gitrepo.ErrNotFound) {
			now, err = []string{""}, nil
		}
		return append(held, now...), err
	}
	return held, nil
}

// contents names the files that a verdict reads as git names them, so that
// nothing has to be read, and data least of all: a file that the change alters
// is the head's after the merge, and any other the base's.
func (w *Workshop) contents(proposed proposal, pair promotion.Pair) (map[string]string, error) {
	reads, err := promotion.Reads(proposed.Files, pair)
	if err != nil {
		return nil, err
	}
	named := map[string]string{}
	kept := slices.DeleteFunc(reads, func(name string) bool { _, changed := slices.BinarySearch(proposed.Changed, name); return changed })
	for commit, paths := range map[string][]string{proposed.Base: kept, proposed.Head: proposed.Changed} {
		contents, err := w.Repository.Contents(commit, paths...)
		if err != nil {
			return nil, err
		}
		for i, name := range paths {
			named[name] = contents[i]
		}
	}
	return named, nil
}
