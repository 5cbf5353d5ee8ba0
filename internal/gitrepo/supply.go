package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
)

// content is what a commit consists of, by names.
type content struct {
	files   listing
	folders map[string]plumbing.Hash // the lists of folders; "." is the root

	asked bool // for all small files; whoever speaks with the remote may look
}

// smallFile is the size up to which all files of a commit come together when one
// of them is read: recipes and promotions are smaller, data is larger.
const smallFile = 64 // KiB

// supply gets the content of a file that the store has not, and those of the
// small files beside it: who reads one promotion reads all of them.
func (r *Repo) supply(ctx context.Context, in *content, hash plumbing.Hash) error {
	if err := r.take(ctx); err != nil {
		return err
	}
	defer r.give()
	if r.store.has(hash) {
		return nil // somebody else was faster
	}
	talk, err := r.speak(ctx)
	if err != nil {
		return err
	}
	defer talk.close()
	wish := wish{wants: []plumbing.Hash{hash}}
	if in != nil && !in.asked {
		in.asked = true
		if beside := in.beside(r.store); len(beside) > 1 {
			wish.wants, wish.filter = append(wish.wants, beside...), packp.FilterBlobLimit(smallFile, packp.BlobLimitPrefixKibi)
		}
	}
	if able, err := talk.get(ctx, wish); able && (err == nil || ctx.Err() != nil || errors.Is(err, errCutShort)) {
		return err
	}
	return r.supplyAll(ctx, talk)
}

// supplyAll gets all contents of all files, from a remote that does not give them
// out by their hashes. What does not come with them is not there, or was lost
// here.
func (r *Repo) supplyAll(ctx context.Context, talk *talk) error {
	r.plain = true
	r.mu.RLock()
	tips := slices.Compact(slices.SortedFunc(maps.Values(r.refs), func(a, b plumbing.Hash) int { return bytes.Compare(a[:], b[:]) }))
	r.mu.RUnlock()
	if len(tips) == 0 || slices.Equal(tips, r.supplied) {
		r.store.spoil()
		return ErrNotFound
	}
	r.supplied = tips
	_, err := talk.get(ctx, wish{wants: tips})
	return err
}

// beside are the folders of the files that are not here, and such files of the
// root themselves: its folder would bring everything along.
func (c *content) beside(store *store) []plumbing.Hash {
	wanted := map[plumbing.Hash]bool{}
	for name, file := range c.files {
		if store.has(file.hash) {
			continue
		}
		if folder := path.Dir(name); folder != "." {
			wanted[c.folders[folder]] = true
		} else {
			wanted[file.hash] = true
		}
	}
	if len(wanted) > wantsAtOnce {
		return []plumbing.Hash{c.folders["."]}
	}
	return slices.Collect(maps.Keys(wanted))
}

// file reads the content of a file, wherever it is.
func (r *Repo) file(in *content, hash plumbing.Hash) ([]byte, error) {
	read, err := r.store.read(plumbing.BlobObject, hash, r.limits.fileBytes)
	if !errors.Is(err, ErrNotFound) {
		return read, err
	}
	// A file system has no context; the limits of a conversation hold. The second
	// time nothing is asked for but the file: it was not small, and git leaves out
	// what is too large even where it is asked for, if its folder is as well.
	ctx := context.Background()
	for range 2 {
		if err := r.supply(ctx, in, hash); err != nil {
			return nil, fmt.Errorf("getting the file's content: %w", r.explain(ctx, "fetching from", err))
		}
		if read, err = r.store.read(plumbing.BlobObject, hash, r.limits.fileBytes); !errors.Is(err, ErrNotFound) {
			break
		}
	}
	return read, err
}
