package gitrepo

import (
	"fmt"
	"io/fs"
)

// maxHistory bounds how far back a branch is read.
const maxHistory = 10_000

// Newest finds the newest state of a branch that the question holds for,
// along first parents, among what was fetched. Without one the error is
// [ErrNotFound].
func (r *Repo) Newest(ref string, holds func(fs.FS) (bool, error)) (fs.FS, error) {
	next := ref
	for range maxHistory {
		commit, err := r.Resolve(next)
		if err != nil {
			return nil, err
		}
		tree, err := r.Tree(commit.Hash)
		if err != nil {
			return nil, err
		}
		if found, err := holds(tree); found || err != nil {
			return tree, err
		}
		if len(commit.Parents) == 0 {
			return nil, fmt.Errorf("looking back on %q in %s: %w", ref, r.address, ErrNotFound)
		}
		next = commit.Parents[0]
	}
	return nil, fmt.Errorf("looking back on %q in %s: more than %d commits", ref, r.address, maxHistory)
}
