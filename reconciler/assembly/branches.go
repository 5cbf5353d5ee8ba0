package assembly

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"time"

	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// branches are the environments' branches of the promotion repository.
type branches struct {
	repository *gitrepo.Repo
	author     gitrepo.Author
	clock      func() time.Time

	writing sync.Mutex // a branch holds all models of an environment
}

func branchOf(environment string) string { return "env/" + environment }

// Serving reads the Release object that the branch holds for a model.
func (b *branches) Serving(_ context.Context, environment, model string) (promotion.Served, error) {
	tree, err := b.tree(environment)
	if err != nil || tree == nil {
		return promotion.Served{}, err
	}
	text, err := fs.ReadFile(tree, model+"/release.yaml")
	if errors.Is(err, fs.ErrNotExist) {
		return promotion.Served{}, nil
	}
	if err != nil {
		return promotion.Served{}, err
	}
	var release kube.Release
	if err := yaml.UnmarshalStrict(text, &release); err != nil {
		return promotion.Served{}, fmt.Errorf("reading %s/release.yaml of %s: %w", model, branchOf(environment), err)
	}
	digest, err := evidence.ParseDigest(release.Spec.Digest)
	if err != nil {
		return promotion.Served{}, fmt.Errorf("reading %s/release.yaml of %s: %w", model, branchOf(environment), err)
	}
	served := promotion.Served{Release: evidence.Subject{Name: model, Digest: digest}}
	for _, envelope := range release.Spec.Envelopes {
		served.Envelopes = append(served.Envelopes, evidence.Envelope(envelope))
	}
	return served, nil
}

// Deliver replaces the model's files, and leaves those of other models.
func (b *branches) Deliver(ctx context.Context, environment, model string, files map[string][]byte, message string) (string, error) {
	b.writing.Lock()
	defer b.writing.Unlock()
	if err := b.repository.Fetch(ctx, "env/*"); err != nil {
		return "", err
	}
	whole, err := b.others(environment, model)
	if err != nil {
		return "", err
	}
	for name, content := range files {
		whole[name] = content
	}
	author := b.author
	author.Time = b.clock()
	commit, _, err := b.repository.WriteBranch(ctx, branchOf(environment), whole, message, author)
	return commit, err
}

// others are the files of the branch that are not the model's.
func (b *branches) others(environment, model string) (map[string][]byte, error) {
	files := map[string][]byte{}
	tree, err := b.tree(environment)
	if err != nil || tree == nil {
		return files, err
	}
	err = fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(name, model+"/") {
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
