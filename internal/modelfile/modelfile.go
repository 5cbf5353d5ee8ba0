package modelfile

import (
	"context"
	"fmt"
	"io"
	"io/fs"
)

// File is what one file of a model was found to be.
type File struct {
	Path   string
	Format Format // by its content, whatever its name
	Named  Format // what its name claims; "" where the name claims nothing
	// Code says why loading the file can run code; "" where it only holds data.
	Code     string
	Findings []Finding
	Dropped  int       // findings beyond the first maxFindings
	Notes    []Finding // worth knowing, and no fault
}

// Finding is one thing in a file that runs code, reaches out of the file, or
// keeps from seeing whether something does.
type Finding struct {
	Kind   Kind
	What   string // never a value that the file holds, other than a name
	Inside string // the member of an archive, "data.pkl" or "a.zip/data.pkl"; "" for the file itself
	Offset int64  // where in the file, or in the member
}

// String is the finding as people read it.
func (f Finding) String() string {
	if f.Inside == "" {
		return string(f.Kind) + " " + f.What
	}
	return fmt.Sprintf("%s %s (in %s)", f.Kind, f.What, f.Inside)
}

// Kind says what a finding is about.
type Kind string

// The kinds of findings.
const (
	Imports   Kind = "imports"   // loading imports a Python name that is not known to be harmless
	Calls     Kind = "calls"     // loading calls it
	Lambda    Kind = "lambda"    // a layer is Python bytecode
	Outside   Kind = "outside"   // something names a place outside the file, or outside the model
	Bounds    Kind = "bounds"    // a size or an offset leads out of the file, or over something else
	Bomb      Kind = "bomb"      // unpacks into far more than it is
	Malformed Kind = "malformed" // breaks its format: readers may disagree on what it says
	Unread    Kind = "unread"    // could not be looked into
	Disguised Kind = "disguised" // is something else than its name or its beginning says
	Template  Kind = "template"  // a template that a program fills in; a note
)

// Inspect looks into every file of a model, in lexical order. It answers with
// an error where it could not read, or where something is no regular file: what
// a server would read through a link is not what was inspected. The files that
// the tree opens must be io.ReaderAt, as those of os.DirFS are.
func Inspect(ctx context.Context, model fs.FS) ([]File, error) {
	var files []File
	err := fs.WalkDir(model, ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			return nil
		case !entry.Type().IsRegular():
			return fmt.Errorf("%s is not a regular file", path)
		case len(files) == maxFiles:
			return fmt.Errorf("there are more than %d files", maxFiles)
		}
		inspected, err := inspect(ctx, model, path)
		if err != nil {
			return fmt.Errorf("inspecting %s: %w", path, err)
		}
		files = append(files, inspected)
		return nil
	})
	return files, err
}

func inspect(ctx context.Context, model fs.FS, path string) (File, error) {
	opened, err := model.Open(path)
	if err != nil {
		return File{}, err
	}
	defer opened.Close()
	anywhere, ok := opened.(io.ReaderAt)
	if !ok {
		return File{}, fmt.Errorf("the file cannot be read at an offset")
	}
	about, err := opened.Stat()
	if err != nil {
		return File{}, err
	}
	read := &file{ctx: ctx, from: anywhere}
	eye := newInspector(model, path)
	found := eye.look(source{read, about.Size()}, place{})
	if read.err != nil {
		return File{}, read.err
	}
	return eye.report(found), nil
}
