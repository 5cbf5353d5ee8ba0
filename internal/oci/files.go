package oci

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
)

// Files are the files of a model, by slash-separated path.
type Files map[string][]byte

// Collect reads all files of a folder, within the bounds of an artifact.
func Collect(folder fs.FS) (Files, error) {
	files := Files{}
	left := int64(maxModel)
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if !entry.Type().IsRegular() {
			return fmt.Errorf("%q is not a plain file", name)
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if left -= info.Size(); left < 0 || len(files) == maxFiles {
			return fmt.Errorf("a model has at most %d files and %d bytes", maxFiles, maxModel)
		}
		files[name], err = fs.ReadFile(folder, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("collecting the files of a model: %w", err)
	}
	return files, nil
}

func (f Files) validate() error {
	if len(f) == 0 || len(f) > maxFiles {
		return fmt.Errorf("a model has 1 to %d files, not %d", maxFiles, len(f))
	}
	total := 0
	for name, content := range f {
		if err := validatePath(name); err != nil {
			return err
		}
		if len(content) > maxFile {
			return fmt.Errorf("%q is larger than %d bytes", name, maxFile)
		}
		total += len(content)
	}
	if total > maxModel {
		return fmt.Errorf("the files are larger than %d bytes together", maxModel)
	}
	return nil
}

func (f Files) names() []string { return slices.Sorted(maps.Keys(f)) }

// validatePath refuses a path that, joined to a folder, could leave it.
func validatePath(name string) error {
	if !fs.ValidPath(name) || name == "." || len(name) > maxAnnotation || slices.ContainsFunc([]byte(name), unsafeByte) {
		return fmt.Errorf("%.80q cannot be the path of a model's file", name)
	}
	return nil
}

// unsafeByte holds for control characters and for the backslash, which is a
// separator on some machines.
func unsafeByte(b byte) bool { return b < 0x20 || b == 0x7f || b == '\\' }
