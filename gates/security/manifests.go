package security

import (
	"context"
	"io"
	"io/fs"

	"github.com/mlops-clinical-trials/assay/internal/manifest"
)

// rendered is one Kubernetes object, and the file in which it stands.
type rendered struct {
	file string
	manifest.Object
}

// readManifests reads every object of every file.
func readManifests(ctx context.Context, tree fs.FS) ([]rendered, error) {
	var all []rendered
	_, err := eachFile(ctx, tree, func(file string, content io.Reader) error {
		if !manifest.Applied(file) {
			return nil
		}
		objects, err := manifest.Read(content)
		for _, object := range objects {
			all = append(all, rendered{file, object})
		}
		return err
	})
	return all, err
}
