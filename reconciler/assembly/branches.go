package assembly

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"sync"
	"time"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// branches are the environments' branches of the promotion repository. Each
// write is one commit, made of what the branch holds when it is pushed; what a
// write does not speak of is neither read nor sent.
type branches struct {
	repository *gitrepo.Repo
	author     gitrepo.Author
	clock      func() time.Time

	mu      sync.Mutex
	digests map[string]evidence.Digest // of releases, by the name of the file's content
}

func branchOf(environment string) string { return "env/" + environment }

// Deliver implements promotion.Deliverer.
func (b *branches) Deliver(ctx context.Context, delivery promotion.Delivery) (string, error) {
	return b.rewrite(ctx, delivery.Environment, delivery.Message, gitrepo.Edit{Replace: delivery.Models, Files: delivery.Files})
}

// Withdraw takes away the files of every model that is not promoted to the
// environment any more: the folders of a branch are its models.
func (b *branches) Withdraw(ctx context.Context, environment string, promoted []string) error {
	tree, err := b.tree(environment)
	if err != nil || tree == nil {
		return err
	}
	var stale []string
	entries, err := fs.ReadDir(tree, ".")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.IsDir() && !slices.Contains(promoted, entry.Name()) {
			stale = append(stale, entry.Name())
		}
	}
	if len(stale) == 0 {
		return nil
	}
	_, err = b.rewrite(ctx, environment, "withdraw what is not promoted any more\n", gitrepo.Edit{Replace: stale})
	return err
}

// rewrite puts an edit on the branch, and says at which commit it is then.
func (b *branches) rewrite(ctx context.Context, environment, message string, edit gitrepo.Edit) (string, error) {
	author := b.author
	author.Time = b.clock()
	commit, _, err := b.repository.Rewrite(ctx, branchOf(environment), edit, message, author)
	return commit, err
}

// tree is the branch's content; nil when there is no such branch yet.
func (b *branches) tree(environment string) (fs.FS, error) {
	tree, err := b.repository.Tree(branchOf(environment))
	if errors.Is(err, gitrepo.ErrNotFound) {
		return nil, nil
	}
	return tree, err
}
