package gitrepo

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// Signed is a commit or an annotated tag as its signature covers it: all other
// fields are read from Payload, and from nothing else. Nobody has verified it.
type Signed struct {
	Ref       string // of the tag; empty for a commit
	Commit    string // the commit, or the one that is tagged
	By        Author // committer or tagger
	Message   string
	Payload   []byte
	Signature []byte // empty when nobody signed
}

// SignedCommit reads a commit as it was signed.
func (r *Repo) SignedCommit(hash string) (Signed, error) {
	raw, err := r.store.read(plumbing.CommitObject, plumbing.NewHash(hash), maxCommit)
	if err != nil {
		return Signed{}, fmt.Errorf("reading commit %s: %w", hash, err)
	}
	found, err := parseCommit(raw)
	if err != nil {
		return Signed{}, fmt.Errorf("reading commit %s: %w", hash, err)
	}
	found.Commit = hash
	return found, nil
}

// maxTags bounds the tags of one folder. Too many are an error: a shorter list
// would hide what stands at its end.
const maxTags = 10_000

// Tags reads the annotated tags of commits below a full name of a folder
// ("refs/tags/approvals/"), by name. What is no such tag is told in refused.
func (r *Repo) Tags(folder string) (tags []Signed, refused map[string]error, err error) {
	found, err := r.Refs(folder)
	if err != nil {
		return nil, nil, err
	}
	if len(found) > maxTags {
		return nil, nil, fmt.Errorf("%s holds %d tags, more than %d\nhint: delete those of releases that serve no more", folder, len(found), maxTags)
	}
	refused = map[string]error{}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		tag, err := r.tag(plumbing.NewHash(found[name]))
		if err != nil {
			refused[name] = err
			continue
		}
		tag.Ref = name
		tags = append(tags, tag)
	}
	return tags, refused, nil
}

// Refs are the full names below a folder, and the hashes that they name.
func (r *Repo) Refs(folder string) (map[string]string, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	found := map[string]string{}
	for name, hash := range r.refs {
		if strings.HasPrefix(name.String(), folder) {
			found[name.String()] = hash.String()
		}
	}
	return found, nil
}

func (r *Repo) tag(hash plumbing.Hash) (Signed, error) {
	raw, err := r.store.read(plumbing.TagObject, hash, maxCommit)
	if errors.Is(err, ErrNotFound) {
		return Signed{}, errors.New("it is not an annotated tag")
	}
	if err != nil {
		return Signed{}, err
	}
	return parseTag(raw)
}
