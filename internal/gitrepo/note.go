package gitrepo

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
)

// Note writes the note of a commit under a notes ref ("refs/notes/assay") of
// the remote, in place of the one that is there. People read it with
// `git log --notes=assay`.
func (r *Repo) Note(ctx context.Context, ref, commit string, text []byte, by Author) error {
	if err := checkNote(ref, commit); err != nil {
		return err
	}
	_, _, err := r.advance(ctx, fullName(ref), "note on "+commit+"\n", by, func(last plumbing.Hash) (listing, error) {
		return r.withNote(last, commit, text)
	})
	return err
}

func (r *Repo) withNote(last plumbing.Hash, commit string, text []byte) (listing, error) {
	notes := listing{}
	if !last.IsZero() {
		var err error
		if notes, err = list(r.store, last, r.limits); err != nil {
			return nil, err
		}
	}
	hash, err := write(r.store, blob(text))
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(notes, func(name string, _ leaf) bool { return notedBy(name) == commit })
	notes[commit] = leaf{hash, filemode.Regular}
	return notes, nil
}

// ReadNote reads the note of a commit, among what was fetched. Without one
// the error is [ErrNotFound].
func (r *Repo) ReadNote(ref, commit string) ([]byte, error) {
	if err := checkNote(ref, commit); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	_, notes, err := r.files(ref)
	if err != nil {
		return nil, err
	}
	for name, file := range notes {
		if notedBy(name) == commit {
			return readBlob(r.store, file.hash, r.limits.fileBytes)
		}
	}
	return nil, fmt.Errorf("a note on %s in %s: %w", commit, ref, ErrNotFound)
}

func checkNote(ref, commit string) error {
	if !strings.HasPrefix(ref, "refs/notes/") {
		return fmt.Errorf("%q does not name notes: use refs/notes/<name>", ref)
	}
	if plumbing.NewHash(commit).String() != commit {
		return fmt.Errorf("%.80q is not the full hash of a commit", commit)
	}
	return nil
}

// notedBy is the commit that a path of a notes tree is about. Git spreads
// many notes over folders of two digits (ab/cd/ef...); the hash is what is
// left without the slashes. We write the flat path, which git reads too.
func notedBy(name string) string { return strings.ReplaceAll(name, "/", "") }
