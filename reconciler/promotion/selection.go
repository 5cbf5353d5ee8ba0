package promotion

import (
	"io/fs"
	"path"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// selection is some files of a tree, and the folders above them.
type selection struct {
	tree  fs.FS
	holds map[string]bool
}

func selected(tree fs.FS, names []string) selection {
	holds := map[string]bool{".": true}
	for _, name := range names {
		for ; !holds[name]; name = path.Dir(name) {
			holds[name] = true
		}
	}
	return selection{tree, holds}
}

func (s selection) Open(name string) (fs.File, error) {
	if !s.holds[name] {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return s.tree.Open(name)
}

func (s selection) ReadDir(name string) ([]fs.DirEntry, error) {
	if !s.holds[name] {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	entries, err := fs.ReadDir(s.tree, name)
	return slices.DeleteFunc(entries, func(entry fs.DirEntry) bool { return !s.holds[path.Join(name, entry.Name())] }), err
}

// digests names every file of a tree by its content.
func digests(tree fs.FS) (map[string]evidence.Digest, error) {
	found := map[string]evidence.Digest{}
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		file, err := tree.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		found[name], err = evidence.SumReader(file)
		return err
	})
	return found, err
}
