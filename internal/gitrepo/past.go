package gitrepo

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Between lists the commits that head has and base has not, the newest first,
// and whether those are all: after limit commits it looks no further. Without a
// base it lists all that head has.
func (r *Repo) Between(base, head string, limit int) (commits []Commit, whole bool, err error) {
	walk := past{repo: r, known: map[plumbing.Hash]bool{}, oldest: math.MaxInt64}
	if err := walk.begin(head, false); err != nil {
		return nil, false, err
	}
	if base != "" {
		if err := walk.begin(base, true); err != nil {
			return nil, false, err
		}
	}
	var found []*object.Commit
	for walk.goesOn() && len(found) <= limit {
		commit := walk.next()
		old := walk.known[commit.Hash]
		if !old {
			found = append(found, commit)
			walk.oldest = min(walk.oldest, commit.Committer.When.Unix())
		}
		for _, parent := range commit.ParentHashes {
			if err := walk.add(parent, old); err != nil {
				return nil, false, err
			}
		}
	}
	for _, commit := range found {
		if !walk.known[commit.Hash] { // nor was it found later to be of the base
			commits = append(commits, told(commit))
		}
	}
	return commits[:min(len(commits), limit)], len(found) <= limit, nil
}

// past walks back from several commits, the newest first. A commit is known as
// one of the base (true) or not.
type past struct {
	repo   *Repo
	queue  byTime
	known  map[plumbing.Hash]bool
	wanted int   // how many of the queue are not of the base
	oldest int64 // time of what was found, in Unix seconds
}

// slack is how much later than its descendant a commit may be dated, in
// seconds. A clock that is worse leaves commits of the base in the list.
const slack = 24 * 60 * 60

// goesOn while there is something to find, or while what was found could still
// turn out to be of the base.
func (p *past) goesOn() bool {
	return p.wanted > 0 || len(p.queue) > 0 && p.queue[0].Committer.When.Unix() >= p.oldest-slack
}

func (p *past) begin(ref string, old bool) error {
	commit, err := p.repo.resolve(ref)
	if err != nil {
		return err
	}
	return p.add(commit.Hash, old)
}

func (p *past) add(hash plumbing.Hash, old bool) error {
	was, seen := p.known[hash]
	if seen && (was || !old) {
		return nil
	}
	commit, err := p.repo.ancestor(hash)
	if err != nil {
		return err
	}
	if seen && p.queue.holds(hash) {
		p.wanted-- // it waits as one that is wanted, and is none
	}
	p.known[hash] = old
	if !old {
		p.wanted++
	}
	heap.Push(&p.queue, commit)
	return nil
}

func (p *past) next() *object.Commit {
	commit := heap.Pop(&p.queue).(*object.Commit)
	if !p.known[commit.Hash] {
		p.wanted--
	}
	return commit
}

// byTime is a heap, the newest first; equal times in the order of their hashes.
type byTime []*object.Commit

func (b byTime) Len() int      { return len(b) }
func (b byTime) Swap(i, j int) { b[i], b[j] = b[j], b[i] }
func (b *byTime) Push(x any)   { *b = append(*b, x.(*object.Commit)) }
func (b byTime) Less(i, j int) bool {
	if a, z := b[i].Committer.When.Unix(), b[j].Committer.When.Unix(); a != z {
		return a > z
	}
	return b[i].Hash.String() < b[j].Hash.String()
}

func (b *byTime) Pop() any {
	last := len(*b) - 1
	commit := (*b)[last]
	*b = (*b)[:last]
	return commit
}

func (b byTime) holds(hash plumbing.Hash) bool {
	for _, commit := range b {
		if commit.Hash == hash {
			return true
		}
	}
	return false
}

// ancestor reads a commit that has to be there, since what came after it is.
func (r *Repo) ancestor(hash plumbing.Hash) (*object.Commit, error) {
	commit, err := r.store.commit(hash)
	if errors.Is(err, ErrNotFound) {
		r.store.spoil()
	}
	if err != nil {
		return nil, fmt.Errorf("reading commit %s of %s: %w", hash, r.address, err)
	}
	return commit, nil
}

// farthest bounds how many commits one looks back over, where none is left out.
const farthest = 1_000_000

// Contains reports whether a commit that was fetched has another in its history,
// or is it. One that is not known at all is in no history: so a branch whose past
// was edited is noticed, however the edit was made.
func (r *Repo) Contains(ctx context.Context, commit, ancestor string) (bool, error) {
	wanted := plumbing.NewHash(ancestor)
	if wanted.String() != ancestor {
		return false, fmt.Errorf("%.80q is not the full hash of a commit", ancestor)
	}
	walk := past{repo: r, known: map[plumbing.Hash]bool{}}
	if err := walk.begin(commit, false); err != nil {
		return false, err
	}
	if !r.store.has(wanted) {
		return false, nil
	}
	for len(walk.queue) > 0 {
		next := walk.next()
		if next.Hash == wanted {
			return true, nil
		}
		for _, parent := range next.ParentHashes {
			if err := walk.add(parent, false); err != nil {
				return false, err
			}
		}
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if len(walk.known) > farthest {
			return false, fmt.Errorf("%s has more than %d commits in its history", commit, farthest)
		}
	}
	return false, nil
}

// Contents names the contents of some files of a commit, without reading them:
// equal names are equal files, and the empty name is that of a file that is not
// there.
func (r *Repo) Contents(commit string, paths ...string) ([]string, error) {
	found, err := r.resolve(commit)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(paths))
	for i, path := range paths {
		entry, err := r.content(found.TreeHash, path)
		if err != nil {
			return nil, fmt.Errorf("looking for %s in %s: %w", path, commit, err)
		}
		if !entry.Hash.IsZero() {
			names[i] = entry.Mode.String() + " " + entry.Hash.String()
		}
	}
	return names, nil
}

// content looks along one path only. Nothing has the zero hash.
func (r *Repo) content(tree plumbing.Hash, path string) (object.TreeEntry, error) {
	first, rest, nested := strings.Cut(path, "/")
	entries, err := r.store.tree(tree, r.limits.treeBytes)
	if err != nil {
		return object.TreeEntry{}, err
	}
	for _, entry := range entries {
		switch {
		case entry.Name != first:
		case !nested:
			return entry, nil
		case entry.Mode == filemode.Dir:
			return r.content(entry.Hash, rest)
		}
	}
	return object.TreeEntry{}, nil
}
