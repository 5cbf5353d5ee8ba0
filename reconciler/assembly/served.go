package assembly

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/gitrepo"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// Serving reads the Release object that the branch holds for a model.
func (b *branches) Serving(_ context.Context, environment, model string) (promotion.Served, error) {
	tree, err := b.tree(environment)
	if err != nil || tree == nil {
		return promotion.Served{}, err
	}
	return servedIn(tree, environment, model)
}

// Recall finds a release where the branch held it last, now or before.
func (b *branches) Recall(_ context.Context, environment string, release evidence.Subject) (promotion.Served, error) {
	var found promotion.Served
	_, err := b.repository.Newest(branchOf(environment), func(tree fs.FS) (bool, error) {
		served, err := servedIn(tree, environment, release.Name)
		found = served
		return served.Release.Digest == release.Digest, err
	})
	if errors.Is(err, gitrepo.ErrNotFound) {
		return promotion.Served{}, nil
	}
	if err != nil {
		return promotion.Served{}, err
	}
	return found, nil
}

func servedIn(tree fs.FS, environment, model string) (promotion.Served, error) {
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
