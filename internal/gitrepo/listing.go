package gitrepo

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// leaf is a file of a commit: its content by hash, and whether it may be run.
type leaf struct {
	hash plumbing.Hash
	mode filemode.FileMode // Regular or Executable
}

// listing is all files of a commit, by slash-separated path. Folders are only
// the prefixes of paths, as in git itself.
type listing map[string]leaf

// walk lists a tree. A tree that holds anything but plain files and folders is
// refused whole: what is half read would be half checked.
func (s *store) walk(tree plumbing.Hash, limits limits) (*content, error) {
	walk := walker{store: s, limits: limits, content: content{files: listing{}, folders: map[string]plumbing.Hash{}}}
	if err := walk.folder(".", tree, 0); err != nil {
		return nil, err
	}
	return &walk.content, nil
}

type walker struct {
	content
	store  *store
	limits limits
	seen   int
}

func (w *walker) folder(name string, hash plumbing.Hash, depth int) error {
	if depth > w.limits.depth {
		return fmt.Errorf("%.80q is more than %d folders deep", name, w.limits.depth)
	}
	entries, err := w.store.tree(hash, w.limits.treeBytes)
	if err != nil {
		return fmt.Errorf("reading folder %q: %w", name, err)
	}
	w.folders[name] = hash
	for _, entry := range entries {
		if err := w.entry(name, entry, depth); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) entry(folder string, entry object.TreeEntry, depth int) error {
	if err := checkName(entry.Name); err != nil {
		return fmt.Errorf("folder %q: %w", folder, err)
	}
	if w.seen++; w.seen > w.limits.entries {
		return fmt.Errorf("the commit has more than %d files and folders", w.limits.entries)
	}
	name := path.Join(folder, entry.Name)
	if _, twice := w.files[name]; twice {
		return fmt.Errorf("%q is there twice", name)
	}
	switch entry.Mode {
	case filemode.Dir:
		return w.folder(name, entry.Hash, depth+1)
	case filemode.Symlink:
		return fmt.Errorf("%q is a symlink: put the file itself there", name)
	case filemode.Submodule:
		return fmt.Errorf("%q is a submodule: put its files there", name)
	case filemode.Executable:
		w.files[name] = leaf{entry.Hash, filemode.Executable}
	case filemode.Regular, filemode.Deprecated:
		w.files[name] = leaf{entry.Hash, filemode.Regular}
	default:
		return fmt.Errorf("%q has the unknown mode %s", name, entry.Mode)
	}
	return nil
}

// checkName refuses names that git's own fsck refuses (has dot, dotdot, .git
// or a full path) and names that no fs.FS can have.
func checkName(name string) error {
	if !fs.ValidPath(name) || name == "." || strings.Contains(name, "/") || strings.EqualFold(name, ".git") ||
		strings.ContainsRune(name, 0) {
		return fmt.Errorf("%.80q cannot be the name of a file or folder", name)
	}
	return nil
}

// clashes are the files that stand where another file needs a folder.
func (l listing) clashes() []string {
	found := map[string]bool{}
	for name := range l {
		for above := path.Dir(name); above != "."; above = path.Dir(above) {
			if _, file := l[above]; file {
				found[above] = true
			}
		}
	}
	return sortedKeys(found)
}

// changed are the paths whose file differs, is missing or is new in other.
func (l listing) changed(other listing) []string {
	found := map[string]bool{}
	for name, mine := range l {
		if theirs, there := other[name]; !there || theirs != mine {
			found[name] = true
		}
	}
	for name := range other {
		if _, here := l[name]; !here {
			found[name] = true
		}
	}
	return sortedKeys(found)
}

func sortedKeys(set map[string]bool) []string {
	keys := make([]string, 0, len(set))
	for key := range set {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
