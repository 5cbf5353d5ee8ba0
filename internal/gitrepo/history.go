package gitrepo

import (
	"fmt"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Version is a state of one file on a branch.
type Version struct {
	Commit  string // the oldest commit, along first parents, since when the file is so
	Content string // names the content: equal names are equal contents; empty when the file was not there
}

// version says of which file from which commit on back.
type version struct {
	tip  plumbing.Hash
	path string
}

// versions are those of a file, the newest first. A past does not change, so what
// was found from one commit is gone on with from a later one.
type versions struct{ found []Version }

// cachedVersions is how many files' pasts are kept.
const cachedVersions = 4096

// Versions lists the states of a file on a branch along first parents, the newest
// first, among what was fetched. Without a branch the error is [ErrNotFound].
func (r *Repo) Versions(ref, path string) ([]Version, error) {
	tip, err := r.resolve(ref)
	if err != nil {
		return nil, err
	}
	var found []Version
	at := tip
	for range farthest {
		if older, known := r.kept.get(version{at.Hash, path}); known {
			for _, one := range older.found {
				found = joined(found, one)
			}
			r.kept.put(version{tip.Hash, path}, &versions{found})
			return found, nil
		}
		entry, err := r.content(at.TreeHash, path)
		if err != nil {
			return nil, fmt.Errorf("looking back on %s of %q: %w", path, ref, err)
		}
		found = joined(found, Version{at.Hash.String(), nameOf(entry)})
		if len(at.ParentHashes) == 0 {
			r.kept.put(version{tip.Hash, path}, &versions{found})
			return found, nil
		}
		if at, err = r.ancestor(at.ParentHashes[0]); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("looking back on %q in %s: more than %d commits", ref, r.address, farthest)
}

// joined adds an older version. Where the content is the same, it is so since
// then.
func joined(found []Version, older Version) []Version {
	if last := len(found) - 1; last >= 0 && found[last].Content == older.Content {
		found = found[:last]
	}
	return append(found, older)
}

// nameOf names the content of a file. A folder is none.
func nameOf(entry object.TreeEntry) string {
	if entry.Mode != filemode.Regular && entry.Mode != filemode.Executable {
		return ""
	}
	return entry.Hash.String()
}

// Content reads what a version names.
func (r *Repo) Content(name string) ([]byte, error) {
	read, err := r.file(nil, plumbing.NewHash(name))
	if err != nil {
		return nil, fmt.Errorf("reading the content %.80q of a file: %w", name, err)
	}
	return read, nil
}
