package assembly

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
)

// past gives the files of commits that were fetched.
type past struct{ repository *gitrepo.Repo }

// Tree says of a commit that was never fetched, or is there no more, that it
// does not exist.
func (p past) Tree(commit string) (fs.FS, error) {
	tree, err := p.repository.Tree(commit)
	if errors.Is(err, gitrepo.ErrNotFound) {
		return nil, fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	return tree, err
}
