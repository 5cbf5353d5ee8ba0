package gitrepo

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
)

// Tree gives the files of a commit. A commit with symlinks, submodules or
// impossible names is refused whole. The result does not change with later
// fetches, and may be used by many goroutines.
func (r *Repo) Tree(ref string) (fs.FS, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, files, err := r.files(ref)
	if err != nil {
		return nil, err
	}
	return r.snapshot(files), nil
}

func (r *Repo) files(ref string) (*object.Commit, listing, error) {
	commit, err := r.resolve(ref)
	if err != nil {
		return nil, nil, err
	}
	files, err := list(r.store, commit.TreeHash, r.limits)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the files of %s: %w", ref, err)
	}
	return commit, files, nil
}

// snapshot is a read-only file system over a listing. It reads through a
// store of its own, so that a slow fetch never holds up a reader.
type snapshot struct {
	files   listing
	folders map[string][]fs.DirEntry // in order of name; "." is the root
	limit   int64

	mu    sync.Mutex
	store storer.EncodedObjectStorer
}

func (r *Repo) snapshot(files listing) *snapshot {
	s := &snapshot{files: files, folders: map[string][]fs.DirEntry{".": nil}, limit: r.limits.fileBytes, store: openStore(r.folder)}
	for name := range files {
		s.enter(name)
	}
	for _, entries := range s.folders {
		slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	}
	return s
}

// enter lists a path in its folder, and new folders in theirs.
func (s *snapshot) enter(name string) {
	folder := path.Dir(name)
	_, known := s.folders[folder]
	s.folders[folder] = append(s.folders[folder], entry{s, name})
	if !known {
		s.enter(folder)
	}
}

func (s *snapshot) Open(name string) (fs.File, error) {
	info, err := s.Stat(name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err.(*fs.PathError).Err}
	}
	if info.IsDir() {
		return &folder{info: info, name: name, left: s.folders[name]}, nil
	}
	content, err := s.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return &file{Reader: bytes.NewReader(content), info: info}, nil
}

func (s *snapshot) ReadFile(name string) ([]byte, error) {
	file, there := s.files[name]
	if !there {
		return nil, &fs.PathError{Op: "read", Path: name, Err: s.reason(name)}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	content, err := readBlob(s.store, file.hash, s.limit)
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return content, nil
}

func (s *snapshot) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, there := s.folders[name]
	if !there {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: s.reason(name)}
	}
	return slices.Clone(entries), nil
}

func (s *snapshot) Stat(name string) (fs.FileInfo, error) {
	if _, isFolder := s.folders[name]; isFolder {
		return info{name: path.Base(name), mode: fs.ModeDir | 0o555}, nil
	}
	file, there := s.files[name]
	if !there {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: s.reason(name)}
	}
	size, err := s.size(file.hash)
	if err != nil {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: err}
	}
	if file.mode == filemode.Executable {
		return info{name: path.Base(name), mode: 0o555, size: size}, nil
	}
	return info{name: path.Base(name), mode: 0o444, size: size}, nil
}

func (s *snapshot) size(hash plumbing.Hash) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	size, err := s.store.EncodedObjectSize(hash)
	return size, absent(err)
}

// reason says why a path cannot be used in the way that was asked.
func (s *snapshot) reason(name string) error {
	_, isFile := s.files[name]
	_, isFolder := s.folders[name]
	if !fs.ValidPath(name) || isFile || isFolder {
		return fs.ErrInvalid
	}
	return fs.ErrNotExist
}
