package gitrepo

import (
	"bytes"
	"fmt"
	"sort"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/memory"
)

// draft is what a commit adds to a repository. It is in memory until the remote
// has it: what is not accepted leaves nothing behind.
type draft struct {
	objects map[plumbing.Hash]*plumbing.MemoryObject
	order   []plumbing.Hash // contents before what lists them
}

func newDraft() *draft { return &draft{objects: map[plumbing.Hash]*plumbing.MemoryObject{}} }

// encoder is what knows its form in git.
type encoder interface {
	Encode(plumbing.EncodedObject) error
}

// blob is the content of a file, as go-git's trees and commits are: something
// that encodes itself.
type blob []byte

func (b blob) Encode(into plumbing.EncodedObject) error {
	into.SetType(plumbing.BlobObject)
	writer, err := into.Writer()
	if err != nil {
		return err
	}
	if _, err := writer.Write(b); err != nil {
		return err
	}
	return writer.Close()
}

// add puts an object into the draft, unless it is the one that was there before.
func (d *draft) add(content encoder, before plumbing.Hash) (plumbing.Hash, error) {
	encoded := &plumbing.MemoryObject{}
	if err := content.Encode(encoded); err != nil {
		return plumbing.ZeroHash, err
	}
	hash := encoded.Hash()
	if _, there := d.objects[hash]; !there && hash != before {
		d.objects[hash] = encoded
		d.order = append(d.order, hash)
	}
	return hash, nil
}

// without leaves out objects that the remote has.
func (d *draft) without(known map[plumbing.Hash]bool) *draft {
	left := newDraft()
	for _, hash := range d.order {
		if !known[hash] {
			left.objects[hash] = d.objects[hash]
			left.order = append(left.order, hash)
		}
	}
	return left
}

// pack is the draft as it is sent. Nothing is compared with anything: the
// objects are new, and finding likeness costs more than sending them.
func (d *draft) pack() ([]byte, error) {
	from := memory.NewStorage()
	for _, encoded := range d.objects {
		if _, err := from.SetEncodedObject(encoded); err != nil {
			return nil, err
		}
	}
	var packed bytes.Buffer
	if _, err := packfile.NewEncoder(&packed, from, false).Encode(d.order, 0); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

// folders drafts the folders of a listing, innermost first, and answers with the
// hash of the outermost.
func (d *draft) folders(files listing) (plumbing.Hash, error) {
	var entries []object.TreeEntry
	below := map[string]listing{}
	for name, file := range files {
		first, rest, nested := strings.Cut(name, "/")
		if !nested {
			entries = append(entries, object.TreeEntry{Name: name, Mode: file.mode, Hash: file.hash})
			continue
		}
		if below[first] == nil {
			below[first] = listing{}
		}
		below[first][rest] = file
	}
	for name, inside := range below {
		hash, err := d.folders(inside)
		if err != nil {
			return plumbing.ZeroHash, err
		}
		entries = append(entries, object.TreeEntry{Name: name, Mode: filemode.Dir, Hash: hash})
	}
	return d.folder(entries, plumbing.ZeroHash)
}

func (d *draft) folder(entries []object.TreeEntry, before plumbing.Hash) (plumbing.Hash, error) {
	sort.Sort(object.TreeEntrySorter(entries))
	hash, err := d.add(&object.Tree{Entries: entries}, before)
	if err != nil {
		return hash, fmt.Errorf("writing the list of a folder: %w", err)
	}
	return hash, nil
}
