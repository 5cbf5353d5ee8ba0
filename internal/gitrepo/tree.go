package gitrepo

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Tree gives the files of a commit. A commit with symlinks, submodules or
// impossible names is refused whole. The result does not change with later
// fetches, and may be used by many goroutines; what is read of it for the first
// time may have to be got from the remote.
func (r *Repo) Tree(ref string) (fs.FS, error) {
	_, content, err := r.files(ref)
	if err != nil {
		return nil, err
	}
	return r.snapshot(content.files, content), nil
}

// cachedContents is how many commits' files are kept listed, where they are not
// too many.
const (
	cachedContents = 8
	listedFiles    = 20_000
)

func (r *Repo) files(ref string) (*object.Commit, *content, error) {
	commit, err := r.resolve(ref)
	if err != nil {
		return nil, nil, err
	}
	if found, known := r.walked.get(commit.TreeHash); known {
		return commit, found, nil
	}
	found, err := r.store.walk(commit.TreeHash, r.limits)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the files of %s: %w", ref, err)
	}
	if len(found.files) <= listedFiles {
		r.walked.put(commit.TreeHash, found)
	}
	return commit, found, nil
}

// snapshot is a read-only file system over a listing.
type snapshot struct {
	repo    *Repo
	files   listing
	of      []*content               // the commits that the files are of
	folders map[string][]fs.DirEntry // in order of name; "." is the root
}

func (r *Repo) snapshot(files listing, of ...*content) *snapshot {
	s := &snapshot{repo: r, files: files, of: of, folders: map[string][]fs.DirEntry{".": nil}}
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
	read, err := s.repo.file(s.origin(name, file), file.hash)
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return read, nil
}

// origin is the commit that a file is of.
func (s *snapshot) origin(name string, file leaf) *content {
	for _, one := range s.of {
		if one.files[name] == file {
			return one
		}
	}
	return nil
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
	size, err := s.size(name, file)
	if err != nil {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: err}
	}
	if file.mode == filemode.Executable {
		return info{name: path.Base(name), mode: 0o555, size: size}, nil
	}
	return info{name: path.Base(name), mode: 0o444, size: size}, nil
}

func (s *snapshot) size(name string, file leaf) (int64, error) {
	size, err := s.repo.store.size(file.hash)
	if errors.Is(err, ErrNotFound) {
		if _, err := s.repo.file(s.origin(name, file), file.hash); err != nil {
			return 0, err
		}
		size, err = s.repo.store.size(file.hash)
	}
	return size, err
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
