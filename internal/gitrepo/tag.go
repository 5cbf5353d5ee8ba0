package gitrepo

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	git "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
)

// SignTag makes an annotated tag of a commit in a repository on this machine, a
// clone or a bare one, signed by whatever sign answers with. Nothing is pushed,
// and no tag is replaced.
func SignTag(folder, ref, commit, message string, by Author, sign func(payload []byte) ([]byte, error)) error {
	repository, err := git.PlainOpenWithOptions(folder, &git.PlainOpenOptions{DetectDotGit: true, EnableDotGitCommonDir: true})
	if err != nil {
		return fmt.Errorf("opening the repository of %s: %w", folder, err)
	}
	payload, err := tagPayload(ref, commit, message, by)
	if err != nil {
		return err
	}
	signature, err := sign(payload)
	if err != nil {
		return fmt.Errorf("signing %s: %w", ref, err)
	}
	store := repository.Storer
	if err := store.HasEncodedObject(plumbing.NewHash(commit)); err != nil {
		return fmt.Errorf("tagging %s: %w", commit, absent(err))
	}
	if _, err := store.Reference(plumbing.ReferenceName(ref)); !errors.Is(err, plumbing.ErrReferenceNotFound) {
		return fmt.Errorf("%s is there already\nhint: take it back with git tag --delete, or give another name", ref)
	}
	tag := &plumbing.MemoryObject{}
	tag.SetType(plumbing.TagObject)
	_, _ = tag.Write(append(payload, signature...)) // memory takes what it is given
	hash, err := store.SetEncodedObject(tag)
	if err != nil {
		return fmt.Errorf("writing %s: %w", ref, err)
	}
	return store.SetReference(plumbing.NewHashReference(plumbing.ReferenceName(ref), hash))
}

func tagPayload(ref, commit, message string, by Author) ([]byte, error) {
	name, isTag := strings.CutPrefix(ref, "refs/tags/")
	if err := plumbing.ReferenceName(ref).Validate(); err != nil || !isTag {
		return nil, fmt.Errorf("%.120q is not the full name of a tag", ref)
	}
	var payload bytes.Buffer
	fmt.Fprintf(&payload, "object %s\ntype commit\ntag %s\ntagger %s <%s> %d +0000\n\n%s", commit, name, by.Name, by.Email, by.Time.Unix(), message)
	if read, err := parseTag(payload.Bytes()); err != nil || read.Message != message || read.By.Email != by.Email || len(read.Signature) > 0 {
		return nil, fmt.Errorf("%s would not be read as it is written", ref)
	}
	return payload.Bytes(), nil
}
