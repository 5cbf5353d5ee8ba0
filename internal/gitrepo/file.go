package gitrepo

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"time"
)

// info describes a file or folder of a commit.
type info struct {
	name string
	size int64
	mode fs.FileMode
}

func (i info) Name() string      { return i.name }
func (i info) Size() int64       { return i.size }
func (i info) Mode() fs.FileMode { return i.mode }
func (i info) IsDir() bool       { return i.mode.IsDir() }
func (i info) Sys() any          { return nil }

// ModTime is the zero time: git keeps none for files.
func (i info) ModTime() time.Time { return time.Time{} }

// entry is a line of a folder's list. The size is looked up only when asked
// for: most who list a folder read names.
type entry struct {
	in   *snapshot
	path string
}

func (e entry) Name() string               { return path.Base(e.path) }
func (e entry) Info() (fs.FileInfo, error) { return e.in.Stat(e.path) }
func (e entry) String() string             { return fs.FormatDirEntry(e) }

func (e entry) IsDir() bool {
	_, isFolder := e.in.folders[e.path]
	return isFolder
}

func (e entry) Type() fs.FileMode {
	if e.IsDir() {
		return fs.ModeDir
	}
	return 0
}

// file is an open file: its whole content, already read.
type file struct {
	*bytes.Reader
	info fs.FileInfo
}

func (f *file) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *file) Close() error               { return nil }

// folder is an open folder.
type folder struct {
	info fs.FileInfo
	name string
	left []fs.DirEntry
}

func (f *folder) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *folder) Close() error               { return nil }

func (f *folder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.name, Err: errors.New("is a directory")}
}

func (f *folder) ReadDir(n int) ([]fs.DirEntry, error) {
	if n > 0 && len(f.left) == 0 {
		return nil, io.EOF
	}
	if n <= 0 || n > len(f.left) {
		n = len(f.left)
	}
	entries := append([]fs.DirEntry{}, f.left[:n]...)
	f.left = f.left[n:]
	return entries, nil
}
