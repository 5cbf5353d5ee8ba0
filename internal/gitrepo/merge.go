package gitrepo

import (
	"context"
	"fmt"
	"io/fs"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Merge is what merging one commit into another would give.
type Merge struct {
	Base    string   // hash of the commit that is merged into
	Head    string   // hash of the commit that is merged
	Tree    string   // hash of the resulting tree
	Files   fs.FS    // the resulting files
	Changed []string // paths that differ from Base, sorted
}

// ConflictError says that two commits changed the same files in different
// ways since they parted.
type ConflictError struct{ Paths []string }

func (e *ConflictError) Error() string {
	return fmt.Sprintf("merge conflict in %s: merge the base branch into the pull request", strings.Join(e.Paths, ", "))
}

// MergeTree merges head into base file by file, without making a commit. It
// is stricter than git, which also merges lines inside a file: a file changed
// on both sides is a [ConflictError] unless both made it the same. Files here
// are recipes and promotions, and two edits of one recipe want a human.
func (r *Repo) MergeTree(base, head string) (Merge, error) {
	merged, _, err := r.merge(base, head)
	if err != nil {
		return Merge{}, fmt.Errorf("merging %s into %s: %w", head, base, err)
	}
	return merged, nil
}

// merge drafts the folders of the merge that neither side has.
func (r *Repo) merge(base, head string) (Merge, *draft, error) {
	into, ours, err := r.files(base)
	if err != nil {
		return Merge{}, nil, err
	}
	from, theirs, err := r.files(head)
	if err != nil {
		return Merge{}, nil, err
	}
	origin, err := r.parting(into, from)
	if err != nil {
		return Merge{}, nil, err
	}
	merged, err := mergeListings(origin, ours.files, theirs.files)
	if err != nil {
		return Merge{}, nil, err
	}
	drafted := newDraft()
	tree, err := drafted.folders(merged)
	if err != nil {
		return Merge{}, nil, err
	}
	known := map[plumbing.Hash]bool{}
	for _, side := range []*content{ours, theirs} {
		for _, hash := range side.folders {
			known[hash] = true
		}
	}
	return Merge{
		Base: into.Hash.String(), Head: from.Hash.String(), Tree: tree.String(),
		Files: r.snapshot(merged, ours, theirs), Changed: ours.files.changed(merged),
	}, drafted.without(known), nil
}

// Merge puts the merge of head into a branch of the remote that is at tip, as
// [Repo.MergeTree] makes it, and nothing when the branch has moved, which is
// [ErrMoved].
func (r *Repo) Merge(ctx context.Context, branch, tip, head, message string, by Author) (commit string, err error) {
	r.writing.Lock()
	defer r.writing.Unlock()
	now, err := r.tip(ctx, fullName(branch))
	if err != nil {
		return "", err
	}
	if now.String() != tip {
		return "", fmt.Errorf("merging %s into %s: %w: it is at %s", head, branch, ErrMoved, now)
	}
	merged, drafted, err := r.merge(tip, head)
	if err != nil {
		return "", fmt.Errorf("merging %s into %s: %w", head, branch, err)
	}
	parents := []plumbing.Hash{now, plumbing.NewHash(merged.Head)}
	made, err := r.commit(drafted, plumbing.NewHash(merged.Tree), parents, message, by)
	if err != nil {
		return "", fmt.Errorf("merging %s into %s: %w", head, branch, err)
	}
	failure := r.push(ctx, fullName(branch), now, made, drafted)
	if failure == nil {
		return made.String(), nil
	}
	// As in advance, a lost race is told by where the branch is.
	if after, err := r.tip(ctx, fullName(branch)); err == nil && after != now {
		failure = fmt.Errorf("%w: %w", ErrMoved, failure)
	}
	return "", failure
}

// parting lists the files of the one commit at which two histories parted.
// Where there are several (criss-cross merges), git merges those first; we
// ask for one more merge instead, which leaves one.
func (r *Repo) parting(base, head *object.Commit) (listing, error) {
	commits, err := base.MergeBase(head)
	if err != nil {
		return nil, absent(err)
	}
	switch len(commits) {
	case 0:
		return nil, fmt.Errorf("the two share no history")
	case 1:
		_, origin, err := r.files(commits[0].Hash.String())
		if err != nil {
			return nil, err
		}
		return origin.files, nil
	}
	return nil, fmt.Errorf("the two have %d merge bases: merge the base branch into the pull request", len(commits))
}

func mergeListings(origin, ours, theirs listing) (listing, error) {
	merged := listing{}
	for name, file := range ours {
		merged[name] = file
	}
	conflicts := map[string]bool{}
	for _, name := range origin.changed(theirs) {
		was, existed := origin[name]
		mine, here := ours[name]
		new, there := theirs[name]
		switch {
		case here == there && mine == new: // both sides did the same
		case here != existed || mine != was:
			conflicts[name] = true
		case there:
			merged[name] = new
		default:
			delete(merged, name)
		}
	}
	for _, name := range merged.clashes() {
		conflicts[name] = true
	}
	if len(conflicts) > 0 {
		return nil, &ConflictError{Paths: sortedKeys(conflicts)}
	}
	return merged, nil
}

// Changed lists the paths whose files differ between two commits, sorted.
func (r *Repo) Changed(a, b string) ([]string, error) {
	_, first, err := r.files(a)
	if err != nil {
		return nil, err
	}
	_, second, err := r.files(b)
	if err != nil {
		return nil, err
	}
	return first.files.changed(second.files), nil
}
