package compliance

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/mlops-clinical-trials/assay/internal/manifest"
)

// maxManifests is far above what is rendered for a model: a dozen objects.
const maxManifests = 1000

// readObjects reads every object of every manifest, in the order of their files.
func readObjects(tree fs.FS) ([]manifest.Object, error) {
	if tree == nil {
		return nil, errors.New("nothing was rendered")
	}
	var all []manifest.Object
	files := 0
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !manifest.Applied(name) {
			return err
		}
		if files++; files > maxManifests {
			return fmt.Errorf("there are more than %d files", maxManifests)
		}
		found, err := readManifest(tree, name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if all = append(all, found...); len(all) > manifest.MaxObjects {
			return fmt.Errorf("there are more than %d objects", manifest.MaxObjects)
		}
		return nil
	})
	return all, err
}

func readManifest(tree fs.FS, name string) ([]manifest.Object, error) {
	file, err := tree.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return manifest.Read(file)
}
