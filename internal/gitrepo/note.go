package gitrepo

import (
	"context"
	"fmt"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// Note writes the note of a commit under a notes ref ("refs/notes/assay") of
// the remote, in place of the one that is there. People read it with
// `git log --notes=assay`.
func (r *Repo) Note(ctx context.Context, ref, commit string, text []byte, by Author) error {
	if err := checkNote(ref, commit); err != nil {
		return err
	}
	_, _, err := r.advance(ctx, fullName(ref), "note on "+commit+"\n", by, func(tree plumbing.Hash) (Edit, error) {
		return r.noting(tree, commit, text)
	})
	return err
}

// noting takes the notes on the commit away, wherever they are, and writes one.
func (r *Repo) noting(tree plumbing.Hash, commit string, text []byte) (Edit, error) {
	edit := Edit{Files: map[string][]byte{}}
	if !tree.IsZero() {
		notes, err := r.store.walk(tree, r.limits)
		if err != nil {
			return edit, err
		}
		for name := range notes.files {
			if notedBy(name) == commit {
				edit.Files[name] = nil
			}
		}
	}
	edit.Files[commit] = append([]byte{}, text...) // an empty note is one, too
	return edit, nil
}

// ReadNote reads the note of a commit, among what was fetched. Without one
// the error is [ErrNotFound].
func (r *Repo) ReadNote(ref, commit string) ([]byte, error) {
	if err := checkNote(ref, commit); err != nil {
		return nil, err
	}
	_, notes, err := r.files(ref)
	if err != nil {
		return nil, err
	}
	for name, file := range notes.files {
		if notedBy(name) == commit {
			return r.file(notes, file.hash)
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
