package gitrepo

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Edit says how the files of a branch change. What it does not speak of stays as
// it is, and is neither read nor written: its folders keep their hashes.
type Edit struct {
	Keep    func(name string) bool // which files and folders of the root stay; nil keeps all
	Replace []string               // folders that hold nothing afterwards but what Files has in them
	Files   map[string][]byte      // by slash-separated path; nil content deletes
}

// node is a file or folder that an edit speaks of.
type node struct {
	file, gone, replaced bool
	content              []byte
	below                map[string]*node
}

// planted arranges an edit by folders.
func planted(edit Edit) (*node, error) {
	root := &node{below: map[string]*node{}}
	for _, name := range slices.Sorted(slices.Values(edit.Replace)) {
		folder, err := root.at(name)
		if err != nil {
			return nil, err
		}
		folder.replaced = true
	}
	for _, name := range slices.Sorted(maps.Keys(edit.Files)) {
		file, err := root.at(name)
		if err != nil {
			return nil, err
		}
		if len(file.below) > 0 || file.replaced {
			return nil, fmt.Errorf("%q is written both as a file and as a folder", name)
		}
		content := edit.Files[name]
		file.file, file.gone, file.content = true, content == nil, content
	}
	return root, nil
}

func (n *node) at(name string) (*node, error) {
	for part := range strings.SplitSeq(name, "/") {
		if err := checkName(part); err != nil {
			return nil, fmt.Errorf("writing %q: %w", name, err)
		}
		if n.file {
			return nil, fmt.Errorf("writing %q: a part of its path is written as a file", name)
		}
		next := n.below[part]
		if next == nil {
			next = &node{below: map[string]*node{}}
			n.below[part] = next
		}
		n = next
	}
	return n, nil
}

// rooted drafts the files of a commit, changed. The zero hash stands for no
// files.
func (r *Repo) rooted(d *draft, before plumbing.Hash, edit Edit) (plumbing.Hash, error) {
	root, err := planted(edit)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	entries, err := r.grown(d, before, root, edit.Keep)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	return d.folder(entries, before)
}

// grown lists what a folder holds afterwards.
func (r *Repo) grown(d *draft, before plumbing.Hash, folder *node, keep func(string) bool) ([]object.TreeEntry, error) {
	old := map[string]object.TreeEntry{}
	var entries []object.TreeEntry
	if !before.IsZero() {
		listed, err := r.store.tree(before, r.limits.treeBytes)
		if err != nil {
			return nil, err
		}
		for _, entry := range listed {
			old[entry.Name] = entry
			if folder.below[entry.Name] == nil && !folder.replaced && (keep == nil || keep(entry.Name)) {
				entries = append(entries, entry)
			}
		}
	}
	for name, child := range folder.below {
		entry, stays, err := r.entry(d, name, old[name], child)
		if err != nil {
			return nil, err
		}
		if stays {
			entries = append(entries, entry)
		}
	}
	return entries, nil
}

// entry drafts one file or folder. Folders that became empty vanish, as in git.
func (r *Repo) entry(d *draft, name string, was object.TreeEntry, now *node) (object.TreeEntry, bool, error) {
	if now.gone {
		return was, false, nil
	}
	if now.file {
		hash, err := d.add(blob(now.content), was.Hash)
		return object.TreeEntry{Name: name, Mode: filemode.Regular, Hash: hash}, true, err
	}
	before := plumbing.ZeroHash
	if was.Mode == filemode.Dir {
		before = was.Hash
	}
	entries, err := r.grown(d, before, now, nil)
	if err != nil || len(entries) == 0 {
		return was, false, err
	}
	hash, err := d.folder(entries, before)
	return object.TreeEntry{Name: name, Mode: filemode.Dir, Hash: hash}, true, err
}
