package gitrepo

import (
	"context"
	"fmt"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// WriteBranch makes the files the whole content of a branch of the remote,
// which is created when it is not there. Files that are not given vanish, so
// nothing stale is ever synced. When the branch holds exactly these files
// already, nothing is written and changed is false; commit is the branch's
// tip either way. The same files, message, author and parent give the same
// commit.
func (r *Repo) WriteBranch(ctx context.Context, branch string, files map[string][]byte, message string, by Author) (commit string, changed bool, err error) {
	return r.advance(ctx, fullName(branch), message, by, func(plumbing.Hash) (listing, error) {
		return writeFiles(r.store, files)
	})
}

// nextTree makes the files of the next commit of those of the last one, which
// come as a tree; the zero hash stands for no commit yet.
type nextTree func(last plumbing.Hash) (listing, error)

// advance puts one commit on top of a ref of the remote. When another writer
// was faster, next is asked once more about what that one left.
func (r *Repo) advance(ctx context.Context, ref plumbing.ReferenceName, message string, by Author, next nextTree) (string, bool, error) {
	if err := ref.Validate(); err != nil {
		return "", false, fmt.Errorf("writing %q: %w", ref, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	tip, err := r.tip(ctx, ref)
	if err != nil {
		return "", false, err
	}
	for retry := true; ; retry = false {
		commit, err := r.commitOn(tip, message, by, next)
		if err != nil {
			return "", false, fmt.Errorf("writing %s: %w", ref.Short(), err)
		}
		if commit == tip {
			return tip.String(), false, nil
		}
		failure := r.push(ctx, ref, tip, commit)
		if failure == nil {
			return commit.String(), true, nil
		}
		// The messages of a lost race differ from server to server; what they
		// have in common is that the ref is elsewhere now.
		now, err := r.tip(ctx, ref)
		if err != nil || now == tip || !retry {
			return "", false, failure
		}
		tip = now
	}
}

// commitOn makes a commit whose parent is the tip; it answers with the tip
// itself when there is nothing to commit.
func (r *Repo) commitOn(tip plumbing.Hash, message string, by Author, next nextTree) (plumbing.Hash, error) {
	var last plumbing.Hash
	var parents []plumbing.Hash
	if !tip.IsZero() {
		parent, err := object.GetCommit(r.store, tip)
		if err != nil {
			return plumbing.ZeroHash, absent(err)
		}
		last, parents = parent.TreeHash, []plumbing.Hash{tip}
	}
	files, err := next(last)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	tree, err := writeTree(r.store, files)
	if err != nil || tree == last {
		return tip, err
	}
	return writeCommit(r.store, tree, parents, message, by)
}
