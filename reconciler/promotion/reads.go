package promotion

import (
	"io/fs"
	"path"
	"slices"
)

// Reads are the files of a tree that the verdict about a promotion stands on, by
// path: what the promotion consists of, what bears on it, its data, and what people
// have said about promotions. Where the change alters other files, the verdict
// stands on these as well: nothing may be hidden in them.
func Reads(tree fs.FS, pair Pair) ([]string, error) {
	names, err := Files(tree, pair)
	if err != nil {
		return nil, err
	}
	bears, err := bearing(tree, pair)
	if err != nil {
		return nil, err
	}
	objects, err := readObjects(tree, pair)
	if err != nil {
		return nil, err
	}
	names = append(append(names, "assay.yaml"), bears...)
	for _, folder := range []string{path.Join("datasets", objects.Model.Spec.Dataset), "environments", "waivers", "vex", "scans", "quarantines", "freezes"} {
		below, err := allIn(tree, folder)
		if err != nil {
			return nil, err
		}
		for _, name := range below {
			if whole := folder != "environments"; whole || path.Base(name) == "environment.yaml" {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// allIn lists the files of a folder; none, where it is not there.
func allIn(tree fs.FS, folder string) ([]string, error) {
	if info, err := fs.Stat(tree, folder); err != nil || !info.IsDir() {
		return nil, nil
	}
	var names []string
	err := fs.WalkDir(tree, folder, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, name)
		}
		return err
	})
	return names, err
}
