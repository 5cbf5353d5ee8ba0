package forge

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Git is what plain git can do for a conversation. Whoever owns a git library
// says how.
type Git interface {
	// Branches are the tips of all branches, asked of the remote.
	Branches(ctx context.Context) (map[string]string, error)
	// Contains reports whether the first commit has the second in its history.
	Contains(ctx context.Context, commit, ancestor string) (bool, error)
	// Author of a commit, for people.
	Author(ctx context.Context, commit string) (string, error)
	// Note is the text beside a commit; none is empty.
	Note(ctx context.Context, commit string) (string, error)
	SetNote(ctx context.Context, commit, text string) error
	// Merge writes the merge of a head into a branch whose tip is given, and
	// pushes it unless the branch has moved, which is ErrMoved.
	Merge(ctx context.Context, branch, tip, head, message string) (commit string, err error)
}

// changes is the folder of the branches that ask to be merged.
const changes = "change/"

// NewPlain is the forge of a repository that has none: a branch change/<base>/<name> asks to be
// merged into <base>, and what is said about it stands in the git note of its
// tip. Nobody but who may push can ask, so no request is a fork's. There are no
// reviews; people sign tags and commits.
func NewPlain(git Git) Forge { return &plain{git} }

type plain struct{ git Git }

// number of a branch: forges count, plain git names.
func number(branch string) int64 {
	sum := sha256.Sum256([]byte(branch))
	return int64(binary.BigEndian.Uint64(sum[:8]) >> 16)
}

func (p *plain) all(ctx context.Context) (map[int64]PullRequest, error) {
	branches, err := p.git.Branches(ctx)
	if err != nil {
		return nil, fmt.Errorf("listing branches: %w", err)
	}
	found := map[int64]PullRequest{}
	for _, name := range slices.Sorted(maps.Keys(branches)) {
		base, _, named := strings.Cut(strings.TrimPrefix(name, changes), "/")
		tip, there := branches[base]
		if !strings.HasPrefix(name, changes) || !named || !there {
			continue
		}
		pull := PullRequest{Number: number(name), State: Open, Title: name, Head: branches[name], Branch: name, Base: base, BaseCommit: tip}
		if other, taken := found[pull.Number]; taken {
			return nil, fmt.Errorf("branches %s and %s have one number: rename one", other.Branch, name)
		}
		merged, err := p.git.Contains(ctx, tip, pull.Head)
		if err != nil {
			return nil, fmt.Errorf("asking whether %s is merged: %w", name, err)
		}
		if merged {
			pull.State, pull.MergeCommit = Merged, tip
		}
		found[pull.Number] = pull
	}
	return found, nil
}

// Open lists the branches that are not merged.
func (p *plain) Open(ctx context.Context) ([]PullRequest, error) {
	all, err := p.all(ctx)
	if err != nil {
		return nil, err
	}
	var pulls []PullRequest
	for _, key := range slices.Sorted(maps.Keys(all)) {
		pull := all[key]
		if pull.State != Open {
			continue
		}
		if pull.Author, err = p.git.Author(ctx, pull.Head); err != nil {
			return nil, fmt.Errorf("reading the author of %s: %w", pull.Branch, err)
		}
		pulls = append(pulls, pull)
	}
	return pulls, nil
}

// Get finds the branch of a number. One that was deleted is not found,
// whether it was merged before or not.
func (p *plain) Get(ctx context.Context, number int64) (PullRequest, error) {
	all, err := p.all(ctx)
	if err != nil {
		return PullRequest{}, err
	}
	pull, there := all[number]
	if !there {
		return PullRequest{}, fmt.Errorf("a branch of number %d: %w", number, ErrNotFound)
	}
	pull.Author, err = p.git.Author(ctx, pull.Head)
	return pull, err
}

// Reviews: plain git has none.
func (p *plain) Reviews(context.Context, int64) ([]Review, error) { return nil, nil }

// Merge pushes the merge commit itself.
func (p *plain) Merge(ctx context.Context, merge Merge) (string, error) {
	pull, err := p.Get(ctx, merge.Number)
	if err != nil {
		return "", err
	}
	if done, err := settled(pull.Branch, pull, merge); done || err != nil {
		return pull.MergeCommit, err
	}
	commit, err := p.git.Merge(ctx, pull.Base, pull.BaseCommit, pull.Head, merge.Message)
	if err != nil {
		return "", fmt.Errorf("merging %s: %w", pull.Branch, err)
	}
	return commit, nil
}

// Propose finds the branch that asks: without a forge, to push it is to ask.
func (p *plain) Propose(ctx context.Context, proposal Proposal) (PullRequest, error) {
	if !strings.HasPrefix(proposal.Branch, changes+proposal.Base+"/") {
		return PullRequest{}, fmt.Errorf("proposing %q: without a forge the branch is named %s%s/<name>", proposal.Branch, changes, proposal.Base)
	}
	pull, err := p.Get(ctx, number(proposal.Branch))
	if err != nil {
		return PullRequest{}, fmt.Errorf("proposing %s: push the branch first: %w", proposal.Branch, err)
	}
	return pull, nil
}

// Remarks: plain git has none.
func (p *plain) Remarks(context.Context, int64) ([]Remark, error) { return nil, nil }

// MayWrite holds for nobody: plain git knows no logins, and needs to ask for
// none, since no request is a fork's.
func (p *plain) MayWrite(context.Context, string) (bool, error) { return false, nil }
