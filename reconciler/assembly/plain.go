package assembly

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/mlops-clinical-trials/assay/internal/forge"
	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
)

// ChecksRef is where a conversation that no forge carries is written, for
// `git log --notes=assay-checks`. The notes of Record are others: each of them
// is replaced whole.
const ChecksRef = "refs/notes/assay-checks"

// PlainGit is what the promotion repository can do for a conversation that no
// forge carries.
func (w *Workshop) PlainGit() forge.Git { return plain{w} }

type plain struct{ workshop *Workshop }

const branchFolder = "refs/heads/"

// Branches implements forge.Git.
func (p plain) Branches(ctx context.Context) (map[string]string, error) {
	if err := p.workshop.Repository.Fetch(ctx, "*"); err != nil {
		return nil, err
	}
	refs, err := p.workshop.Repository.Refs(branchFolder)
	if err != nil {
		return nil, err
	}
	branches := make(map[string]string, len(refs))
	for name, tip := range refs {
		branches[strings.TrimPrefix(name, branchFolder)] = tip
	}
	return branches, nil
}

// Contains implements forge.Git.
func (p plain) Contains(ctx context.Context, commit, ancestor string) (bool, error) {
	return p.workshop.Repository.Contains(ctx, commit, ancestor)
}

// Author implements forge.Git.
func (p plain) Author(_ context.Context, commit string) (string, error) {
	found, err := p.workshop.Repository.Resolve(commit)
	return found.Author.Email, err
}

// Note implements forge.Git. It asks the remote: others write notes, too.
func (p plain) Note(ctx context.Context, commit string) (string, error) {
	if err := p.workshop.Repository.Fetch(ctx, ChecksRef+"*"); err != nil {
		return "", err
	}
	text, err := p.workshop.Repository.ReadNote(ChecksRef, commit)
	if errors.Is(err, gitrepo.ErrNotFound) {
		return "", nil
	}
	return string(text), err
}

// SetNote implements forge.Git.
func (p plain) SetNote(ctx context.Context, commit, text string) error {
	return p.workshop.Repository.Note(ctx, ChecksRef, commit, []byte(text), p.workshop.author())
}

// Merge implements forge.Git.
func (p plain) Merge(ctx context.Context, branch, tip, head, message string) (string, error) {
	commit, err := p.workshop.Repository.Merge(ctx, branch, tip, head, message, p.workshop.author())
	if errors.Is(err, gitrepo.ErrMoved) {
		return "", fmt.Errorf("branch %s %w: %w", branch, forge.ErrMoved, err)
	}
	return commit, err
}

// author is who Assay is in git, now.
func (w *Workshop) author() gitrepo.Author {
	author := identity
	author.Time = w.options.Clock()
	return author
}
