package assembly

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
	"github.com/mlops-clinical-trials/assay/internal/keyless"
	"github.com/mlops-clinical-trials/assay/internal/signature"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// Bounds on how far back one looks.
const (
	maxChange  = 2_000  // commits of one proposed change
	maxSigned  = 2_000  // commits that are searched for signatures
	maxHistory = 10_000 // commits since a file was last changed
)

// history answers from git. Base is empty where head is what is merged; else
// it is a proposal, about the merge of the two.
type history struct {
	repository *gitrepo.Repo
	base, head string
	people     signature.People
	now        time.Time
	origins    *origins

	once   sync.Once
	signed signedObjects // the same for every promotion
}

// historyOf looks back from head, by the people that the merged tree names.
func (w *Workshop) historyOf(merged fs.FS, base, head string) (*history, error) {
	people, err := peopleOf(merged)
	if err != nil {
		return nil, err
	}
	return &history{repository: w.Repository, base: base, head: head, people: people, now: w.options.Clock(), origins: &w.origins}, nil
}

// peopleOf are those whom a merged tree names, with the authorities that it
// names for their certificates.
func peopleOf(merged fs.FS) (signature.People, error) {
	platform, err := promotion.ReadPlatform(merged)
	if err != nil {
		return signature.People{}, err
	}
	root, err := keyless.Of(merged, platform.Spec.Keyless)
	if err != nil {
		return signature.People{}, err
	}
	certificates, _ := root.(signature.Certificates)
	people, err := signature.Of(platform.Spec.People, certificates)
	if err != nil {
		return people, fmt.Errorf("assay.yaml: %w", err)
	}
	return people, nil
}

// Account implements promotion.History.
func (h *history) Account(_ context.Context, tree fs.FS, pair promotion.Pair) (promotion.Account, error) {
	account := promotion.Account{Unfit: h.people.Unfit()}
	told, err := h.signatures(tree, pair)
	if err != nil {
		return account, err
	}
	account.Authors = told.change.authors
	for _, one := range told.Signatures {
		switch one.Standing {
		case Counted:
			account.Approvals = append(account.Approvals, one.Approval)
		case Void:
			account.Void = append(account.Void, one.Approval)
		case Withdrawn:
			account.Withdrawn = append(account.Withdrawn, one.Approval)
		}
	}
	account.Recipe, err = h.recipe(tree, pair.Model)
	return account, err
}

// recipe is the commit that made the recipe what it is: back from the merge, to
// whichever parent has the same recipe. So it is the same commit before a merge
// and after, and no later commit about something else changes it.
func (h *history) recipe(tree fs.FS, model string) (string, error) {
	want, err := promotion.RecipeOf(tree, model)
	if err != nil {
		return "", err
	}
	same := h.sameAs(want, tree, promotion.Pair{Model: model}, func(tree fs.FS) (evidence.Digest, error) { return promotion.RecipeOf(tree, model) })
	at, err := h.repository.Resolve(h.head)
	if err != nil {
		return "", err
	}
	if h.base != "" {
		next := slices.IndexFunc([]string{h.base, at.Hash}, same)
		switch {
		case next < 0:
			return at.Hash, nil
		case next == 0:
			if at, err = h.repository.Resolve(h.base); err != nil {
				return "", err
			}
		}
	}
	what := authored{promotion.Pair{Model: model}, want}
	made, err := h.unchangedSince(what, at, same, func(commit gitrepo.Commit) []string { return commit.Parents })
	return made.Hash, err
}

// unchangedSince goes back to whichever parent holds the same, as long as there is
// one.
func (h *history) unchangedSince(what authored, from gitrepo.Commit, same func(commit string) bool, parents func(gitrepo.Commit) []string) (gitrepo.Commit, error) {
	at := from
	for range maxHistory {
		if made, known := h.origins.from(what, at.Hash); known {
			h.origins.remember(what, from.Hash, made)
			return h.repository.Resolve(made)
		}
		before := parents(at)
		next := slices.IndexFunc(before, same)
		if next < 0 {
			h.origins.remember(what, from.Hash, at.Hash)
			return at, nil
		}
		var err error
		if at, err = h.repository.Resolve(before[next]); err != nil {
			return at, err
		}
	}
	return at, fmt.Errorf("looking for the commit that made %s %s what it is: unchanged for more than %d commits", what.pair.Model, what.pair.Environment, maxHistory)
}

// sameAs asks whether a commit holds the same as the tree. Files are read only
// where git names other contents than it named before. A commit that cannot be
// read holds something else.
func (h *history) sameAs(want evidence.Digest, tree fs.FS, pair promotion.Pair, digest func(fs.FS) (evidence.Digest, error)) func(commit string) bool {
	files, err := promotion.Files(tree, pair)
	if err != nil {
		return func(string) bool { return false }
	}
	known := map[string]bool{}
	return func(commit string) bool {
		names, err := h.repository.Contents(commit, files...)
		if err != nil {
			return false
		}
		key := strings.Join(names, "\n")
		same, read := known[key]
		if read {
			return same
		}
		if tree, err := h.repository.Tree(commit); err == nil {
			found, err := digest(tree)
			same = err == nil && found == want
		}
		known[key] = same
		return same
	}
}

// change is the work that made the content of a promotion what it is.
type change struct {
	authors []string        // addresses, in lower case and order
	commits map[string]bool // hashes
}

// changeOf finds it. Where a proposal leaves the content as it was, and where
// nothing is proposed, it is what was merged last that changed the content.
func (h *history) changeOf(what authored, same func(commit string) bool) (change, error) {
	if h.base != "" && !same(h.base) {
		return h.workOf(h.base, h.head)
	}
	at, err := h.repository.Resolve(h.head)
	if h.base != "" {
		at, err = h.repository.Resolve(h.base)
	}
	if err != nil {
		return change{}, err
	}
	made, err := h.unchangedSince(what, at, same, func(commit gitrepo.Commit) []string { return commit.Parents[:min(len(commit.Parents), 1)] })
	if err != nil {
		return change{}, err
	}
	return h.madeBy(made)
}

// madeBy is the work that came with a commit of main: all of the merged side,
// behind a merge.
func (h *history) madeBy(commit gitrepo.Commit) (change, error) {
	if len(commit.Parents) > 1 {
		return h.workOf(commit.Parents[0], commit.Hash)
	}
	made := change{commits: map[string]bool{}}
	made.add(commit)
	return made.sorted(), nil
}

// workOf is what head has and base has not. A commit that changes no file is
// nobody's work, nor is a merge that git could have made alone: so one can
// approve, or bring a branch up to date, without becoming its author.
func (h *history) workOf(base, head string) (change, error) {
	work := change{commits: map[string]bool{}}
	commits, whole, err := h.repository.Between(base, head, maxChange)
	if err != nil {
		return work, err
	}
	if !whole {
		return work, fmt.Errorf("the change has more than %d commits\nhint: propose it in parts", maxChange)
	}
	for _, commit := range commits {
		idle, err := h.idle(commit)
		if err != nil {
			return work, err
		}
		if work.commits[commit.Hash] = true; !idle {
			work.add(commit)
		}
	}
	return work.sorted(), nil
}

func (h *history) idle(commit gitrepo.Commit) (bool, error) {
	switch len(commit.Parents) {
	case 1:
		parent, err := h.repository.Resolve(commit.Parents[0])
		return parent.Tree == commit.Tree, err
	case 2:
		merged, err := h.repository.MergeTree(commit.Parents[0], commit.Parents[1])
		return err == nil && merged.Tree == commit.Tree, nil // a conflict was somebody's work
	}
	return false, nil
}

func (c *change) add(commit gitrepo.Commit) {
	c.commits[commit.Hash] = true
	c.authors = append(c.authors, signature.Address(commit.Author.Email), signature.Address(commit.Committer.Email))
	for line := range strings.SplitSeq(commit.Message, "\n") {
		token, who, _ := strings.Cut(line, ":")
		if _, email, found := strings.Cut(who, "<"); found && strings.EqualFold(token, "Co-authored-by") {
			email, _, _ = strings.Cut(email, ">")
			c.authors = append(c.authors, signature.Address(email))
		}
	}
}

func (c change) sorted() change {
	slices.Sort(c.authors)
	c.authors = slices.DeleteFunc(slices.Compact(c.authors), func(email string) bool { return email == "" })
	return c
}
