package assembly

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
)

// branches are the environments' branches of the promotion repository.
type branches struct {
	repository *gitrepo.Repo
	author     gitrepo.Author
	clock      func() time.Time

	writing sync.Mutex // a branch holds all models of an environment
}

func branchOf(environment string) string { return "env/" + environment }

// Deliver replaces the model's files, and leaves those of other models.
func (b *branches) Deliver(ctx context.Context, environment, model string, files map[string][]byte, message string) (string, error) {
	return b.rewrite(ctx, environment, message, func(name string) bool { return !strings.HasPrefix(name, model+"/") }, files)
}

// Withdraw takes away the files of every model that is not promoted to the
// environment any more.
func (b *branches) Withdraw(ctx context.Context, environment string, promoted []string) error {
	tree, err := b.tree(environment)
	if err != nil || tree == nil {
		return err
	}
	message := "withdraw what is not promoted any more\n"
	_, err = b.rewrite(ctx, environment, message, func(name string) bool {
		model, _, inFolder := strings.Cut(name, "/")
		return !inFolder || slices.Contains(promoted, model)
	}, nil)
	return err
}

// rewrite makes the branch hold what is kept of it, and the files. A branch
// that holds exactly that already gets no commit.
func (b *branches) rewrite(ctx context.Context, environment, message string, keep func(name string) bool, files map[string][]byte) (string, error) {
	b.writing.Lock()
	defer b.writing.Unlock()
	if err := b.repository.Fetch(ctx, "env/*"); err != nil {
		return "", err
	}
	whole, err := b.content(environment, keep)
	if err != nil {
		return "", err
	}
	maps.Copy(whole, files)
	author := b.author
	author.Time = b.clock()
	commit, _, err := b.repository.WriteBranch(ctx, branchOf(environment), whole, message, author)
	return commit, err
}

// content are the files of the branch that are kept.
func (b *branches) content(environment string, keep func(name string) bool) (map[string][]byte, error) {
	files := map[string][]byte{}
	tree, err := b.tree(environment)
	if err != nil || tree == nil {
		return files, err
	}
	err = fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !keep(name) {
			return err
		}
		files[name], err = fs.ReadFile(tree, name)
		return err
	})
	return files, err
}

// tree is the branch's content; nil when there is no such branch yet.
func (b *branches) tree(environment string) (fs.FS, error) {
	tree, err := b.repository.Tree(branchOf(environment))
	if errors.Is(err, gitrepo.ErrNotFound) {
		return nil, nil
	}
	return tree, err
}
