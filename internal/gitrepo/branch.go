package gitrepo

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// attempts is how often a commit is made again on top of what another writer
// left there meanwhile.
const attempts = 4

// WriteBranch makes the files the whole content of a branch of the remote,
// which is created when it is not there. Files that are not given vanish, so
// nothing stale is ever synced. When the branch holds exactly these files
// already, nothing is written and changed is false; commit is the branch's
// tip either way.
func (r *Repo) WriteBranch(ctx context.Context, branch string, files map[string][]byte, message string, by Author) (commit string, changed bool, err error) {
	return r.Rewrite(ctx, branch, Edit{Keep: func(string) bool { return false }, Files: files}, message, by)
}

// Rewrite puts one commit with an edit on a branch of the remote, which is
// created when it is not there. An edit that changes nothing makes no commit.
// When another writer was faster, the edit is made of what that one left. The
// same edit, message, author and parent give the same commit, if the signer signs
// the same way twice.
func (r *Repo) Rewrite(ctx context.Context, branch string, edit Edit, message string, by Author) (commit string, changed bool, err error) {
	return r.advance(ctx, fullName(branch), message, by, func(plumbing.Hash) (Edit, error) { return edit, nil })
}

// advance puts one commit on top of a ref of the remote. The edit is made of the
// files that are there; the zero hash stands for no commit yet.
func (r *Repo) advance(ctx context.Context, ref plumbing.ReferenceName, message string, by Author, edit func(tree plumbing.Hash) (Edit, error)) (string, bool, error) {
	if err := ref.Validate(); err != nil {
		return "", false, fmt.Errorf("writing %q: %w", ref, err)
	}
	r.writing.Lock()
	defer r.writing.Unlock()
	tip, err := r.tip(ctx, ref)
	if err != nil {
		return "", false, err
	}
	for attempt := 1; ; attempt++ {
		drafted, commit, err := r.nextOn(tip, message, by, edit)
		if err != nil {
			return "", false, fmt.Errorf("writing %s: %w", ref.Short(), err)
		}
		if commit == tip {
			return text(tip), false, nil
		}
		failure := r.push(ctx, ref, tip, commit, drafted)
		if failure == nil {
			return text(commit), true, nil
		}
		// The messages of a lost race differ from server to server; what they
		// have in common is that the ref is elsewhere now.
		now, err := r.tip(ctx, ref)
		if err != nil || now == tip || attempt == attempts {
			return "", false, failure
		}
		tip = now
	}
}

// text is how a hash is written; nothing where there is none.
func text(hash plumbing.Hash) string {
	if hash.IsZero() {
		return ""
	}
	return hash.String()
}

// nextOn drafts the commit after the tip; it answers with the tip itself when
// there is nothing to commit.
func (r *Repo) nextOn(tip plumbing.Hash, message string, by Author, edit func(tree plumbing.Hash) (Edit, error)) (*draft, plumbing.Hash, error) {
	var last plumbing.Hash
	var parents []plumbing.Hash
	if !tip.IsZero() {
		parent, err := r.store.commit(tip)
		if err != nil {
			return nil, tip, err
		}
		last, parents = parent.TreeHash, []plumbing.Hash{tip}
	}
	change, err := edit(last)
	if err != nil {
		return nil, tip, err
	}
	drafted := newDraft()
	tree, err := r.rooted(drafted, last, change)
	if err != nil || tree == last || tip.IsZero() && tree == emptyTree {
		return drafted, tip, err
	}
	commit, err := r.commit(drafted, tree, parents, message, by)
	return drafted, commit, err
}

// emptyTree is the hash of a folder that holds nothing.
var emptyTree = plumbing.ComputeHash(plumbing.TreeObject, nil)

// Propose makes a branch of the remote hold one commit on top of a base: the
// files of the base, changed. Nil content deletes a file. The same change of the
// same base is there already the second time, and makes no new commit. A branch
// on which somebody else has put work is left alone.
func (r *Repo) Propose(ctx context.Context, branch, baseCommit string, change map[string][]byte, message string, by Author) (commit string, err error) {
	ref := fullName(branch)
	if err := ref.Validate(); err != nil {
		return "", fmt.Errorf("proposing %q: %w", ref, err)
	}
	r.writing.Lock()
	defer r.writing.Unlock()
	tip, err := r.tip(ctx, ref)
	if err != nil {
		return "", err
	}
	base, err := r.store.commit(plumbing.NewHash(baseCommit))
	if err != nil {
		return "", fmt.Errorf("proposing %s: reading its base %.80q: %w", branch, baseCommit, err)
	}
	drafted := newDraft()
	tree, err := r.rooted(drafted, base.TreeHash, Edit{Files: change})
	switch {
	case err != nil:
		return "", fmt.Errorf("proposing %s: %w", branch, err)
	case tree == base.TreeHash:
		return "", fmt.Errorf("proposing %s: it changes nothing of %s", branch, baseCommit)
	}
	if there, err := r.proposed(ctx, tip, base, tree, by); there || err != nil {
		return text(tip), err
	}
	made, err := r.commit(drafted, tree, []plumbing.Hash{base.Hash}, message, by)
	if err != nil {
		return "", fmt.Errorf("proposing %s: %w", branch, err)
	}
	return made.String(), r.push(ctx, ref, tip, made, drafted)
}

// proposed reports whether a branch holds the proposal already. It is an error
// when what it holds is neither ours nor merged.
func (r *Repo) proposed(ctx context.Context, tip plumbing.Hash, base *object.Commit, tree plumbing.Hash, by Author) (bool, error) {
	if tip.IsZero() {
		return false, nil
	}
	there, err := r.store.commit(tip)
	if err != nil {
		return false, err
	}
	if there.TreeHash == tree && len(there.ParentHashes) == 1 && there.ParentHashes[0] == base.Hash {
		return true, nil
	}
	merged, err := r.Contains(ctx, base.Hash.String(), tip.String())
	if err != nil || merged || there.Author.Email == by.Email && there.Committer.Email == by.Email {
		return false, err
	}
	return false, errors.New("somebody else has put work on the branch: merge or delete it")
}
