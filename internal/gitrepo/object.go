package gitrepo

import (
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
)

// writeTree stores the folders of a listing, innermost first, and answers
// with the hash of the outermost.
func writeTree(store storer.EncodedObjectStorer, files listing) (plumbing.Hash, error) {
	var entries []object.TreeEntry
	folders := map[string]listing{}
	for name, file := range files {
		first, rest, nested := strings.Cut(name, "/")
		if !nested {
			entries = append(entries, object.TreeEntry{Name: name, Mode: file.mode, Hash: file.hash})
			continue
		}
		if folders[first] == nil {
			folders[first] = listing{}
		}
		folders[first][rest] = file
	}
	for name, below := range folders {
		hash, err := writeTree(store, below)
		if err != nil {
			return plumbing.ZeroHash, err
		}
		entries = append(entries, object.TreeEntry{Name: name, Mode: filemode.Dir, Hash: hash})
	}
	sort.Sort(object.TreeEntrySorter(entries))
	return write(store, &object.Tree{Entries: entries})
}

// writeFiles stores contents and lists them under their paths.
func writeFiles(store storer.EncodedObjectStorer, files map[string][]byte) (listing, error) {
	written := listing{}
	for name, content := range files {
		for part := range strings.SplitSeq(name, "/") {
			if err := checkName(part); err != nil {
				return nil, fmt.Errorf("writing %q: %w", name, err)
			}
		}
		hash, err := write(store, blob(content))
		if err != nil {
			return nil, fmt.Errorf("writing %q: %w", name, err)
		}
		written[name] = leaf{hash, filemode.Regular}
	}
	if clashes := written.clashes(); len(clashes) > 0 {
		return nil, fmt.Errorf("%q is written both as a file and as a folder", clashes[0])
	}
	return written, nil
}

func writeCommit(store storer.EncodedObjectStorer, tree plumbing.Hash, parents []plumbing.Hash, message string, by Author) (plumbing.Hash, error) {
	if strings.ContainsAny(by.Name+by.Email, "<>\n\x00") {
		return plumbing.ZeroHash, fmt.Errorf("%q <%q> cannot be the author of a commit", by.Name, by.Email)
	}
	signature := object.Signature{Name: by.Name, Email: by.Email, When: by.Time.UTC()}
	return write(store, &object.Commit{
		Author: signature, Committer: signature, Message: message, TreeHash: tree, ParentHashes: slices.Clone(parents),
	})
}

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

// write stores an object unless it is there already.
func write(store storer.EncodedObjectStorer, content encoder) (plumbing.Hash, error) {
	encoded := store.NewEncodedObject()
	if err := content.Encode(encoded); err != nil {
		return plumbing.ZeroHash, err
	}
	if store.HasEncodedObject(encoded.Hash()) == nil {
		return encoded.Hash(), nil
	}
	return store.SetEncodedObject(encoded)
}

// readBlob reads a file's content.
func readBlob(store storer.EncodedObjectStorer, hash plumbing.Hash, limit int64) ([]byte, error) {
	return readRaw(store, plumbing.BlobObject, hash, limit)
}

// readRaw reads an object as it is stored. The size in its header is checked
// first and not believed afterwards.
func readRaw(store storer.EncodedObjectStorer, kind plumbing.ObjectType, hash plumbing.Hash, limit int64) ([]byte, error) {
	size, err := store.EncodedObjectSize(hash)
	if err != nil {
		return nil, absent(err)
	}
	if size > limit {
		return nil, fmt.Errorf("the %s has %d bytes, %d are allowed", noun(kind), size, limit)
	}
	encoded, err := store.EncodedObject(kind, hash)
	if err != nil {
		return nil, absent(err)
	}
	reader, err := encoded.Reader()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	content, err := io.ReadAll(io.LimitReader(reader, limit+1))
	if err == nil && int64(len(content)) > limit {
		err = fmt.Errorf("the %s has more than the %d bytes that are allowed", noun(kind), limit)
	}
	return content, err
}

func noun(kind plumbing.ObjectType) string {
	if kind == plumbing.BlobObject {
		return "file"
	}
	return kind.String()
}
