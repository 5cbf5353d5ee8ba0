package render

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"

	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// probe is a question to a file system.
type probe struct {
	about operation
	path  string
}

type operation string

const (
	contentOf operation = "content" // of a file
	entriesOf operation = "entries" // of a folder
	isFolder  operation = "folder"
	exists    operation = "exists"
	cleaned   operation = "cleaned" // where a path leads, after links
	matching  operation = "matching"
)

// answer is the digest of what a file system said, an error included.
type answer [sha256.Size]byte

// heard is what a rendering asked and was told.
type heard struct {
	probe  probe
	answer answer
}

// ask puts the question once more.
func (p probe) ask(files filesys.FileSystem) answer {
	switch p.about {
	case contentOf:
		content, err := files.ReadFile(p.path)
		return digestOf(content, err)
	case entriesOf:
		names, err := files.ReadDir(p.path)
		return digestOf(fmt.Appendf(nil, "%q", names), err)
	case isFolder:
		return digestOf(fmt.Append(nil, files.IsDir(p.path)), nil)
	case exists:
		return digestOf(fmt.Append(nil, files.Exists(p.path)), nil)
	case cleaned:
		folder, file, err := files.CleanedAbs(p.path)
		return digestOf(fmt.Appendf(nil, "%q %q", folder, file), err)
	default:
		names, err := files.Glob(p.path)
		return digestOf(fmt.Appendf(nil, "%q", names), err)
	}
}

func digestOf(said []byte, err error) answer {
	if err != nil {
		return sha256.Sum256(fmt.Appendf(nil, "error %v", err))
	}
	return sha256.Sum256(append([]byte("said "), said...))
}

// witness is a file system that notes what it is asked. It cannot be written
// to, and it gives no handles: what is read through one would go unnoticed.
type witness struct {
	files filesys.FileSystem
	seen  map[probe]bool
	heard []heard
}

var _ filesys.FileSystem = (*witness)(nil)

var errReadOnly = errors.New("a rendering writes no files")

func (w *witness) note(about operation, path string) {
	asked := probe{about, path}
	if w.seen[asked] {
		return
	}
	w.seen[asked] = true
	w.heard = append(w.heard, heard{asked, asked.ask(w.files)})
}

func (w *witness) ReadFile(path string) ([]byte, error) {
	w.note(contentOf, path)
	return w.files.ReadFile(path)
}

func (w *witness) ReadDir(path string) ([]string, error) {
	w.note(entriesOf, path)
	return w.files.ReadDir(path)
}

func (w *witness) IsDir(path string) bool {
	w.note(isFolder, path)
	return w.files.IsDir(path)
}

func (w *witness) Exists(path string) bool {
	w.note(exists, path)
	return w.files.Exists(path)
}

func (w *witness) CleanedAbs(path string) (filesys.ConfirmedDir, string, error) {
	w.note(cleaned, path)
	return w.files.CleanedAbs(path)
}

func (w *witness) Glob(pattern string) ([]string, error) {
	w.note(matching, pattern)
	return w.files.Glob(pattern)
}

func (w *witness) Open(string) (filesys.File, error)    { return nil, errReadOnly }
func (w *witness) Walk(string, filepath.WalkFunc) error { return errReadOnly }
func (w *witness) Create(string) (filesys.File, error)  { return nil, errReadOnly }
func (w *witness) Mkdir(string) error                   { return errReadOnly }
func (w *witness) MkdirAll(string) error                { return errReadOnly }
func (w *witness) RemoveAll(string) error               { return errReadOnly }
func (w *witness) WriteFile(string, []byte) error       { return errReadOnly }
