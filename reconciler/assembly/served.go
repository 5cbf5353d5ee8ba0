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
	past, err := b.past(environment, model)
	if err != nil || len(past) == 0 {
		return promotion.Served{}, err
	}
	return b.served(environment, model, past[0])
}

// Recall finds a release where the branch held it last, now or before.
func (b *branches) Recall(_ context.Context, environment string, release evidence.Subject) (promotion.Served, error) {
	past, err := b.past(environment, release.Name)
	if err != nil {
		return promotion.Served{}, err
	}
	for _, version := range past {
		digest, err := b.digest(environment, release.Name, version)
		if err != nil {
			return promotion.Served{}, err
		}
		if digest == release.Digest {
			return b.served(environment, release.Name, version)
		}
	}
	return promotion.Served{}, nil
}

// past are the states of a model's Release object, the newest first; none where
// there is no such branch yet.
func (b *branches) past(environment, model string) ([]gitrepo.Version, error) {
	past, err := b.repository.Versions(branchOf(environment), releaseOf(model))
	if errors.Is(err, gitrepo.ErrNotFound) {
		return nil, nil
	}
	return past, err
}

// served reads one state. One in which there was no such object served nothing.
func (b *branches) served(environment, model string, version gitrepo.Version) (promotion.Served, error) {
	if version.Content == "" {
		return promotion.Served{}, nil
	}
	text, err := b.repository.Content(version.Content)
	if err != nil {
		return promotion.Served{}, err
	}
	return parseServed(environment, model, text)
}

// maxDigests bounds what is remembered; what is forgotten is read again.
const maxDigests = 100_000

// digest is that of the release which a state served. It is remembered: evidence
// makes a Release object large, and every promotion asks for all of the past.
func (b *branches) digest(environment, model string, version gitrepo.Version) (evidence.Digest, error) {
	b.mu.Lock()
	found, known := b.digests[version.Content]
	b.mu.Unlock()
	if known {
		return found, nil
	}
	served, err := b.served(environment, model, version)
	if err != nil {
		return "", err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.digests == nil || len(b.digests) >= maxDigests {
		b.digests = map[string]evidence.Digest{}
	}
	b.digests[version.Content] = served.Release.Digest
	return served.Release.Digest, nil
}

// releaseOf is where a branch says what it serves of a model.
func releaseOf(model string) string { return model + "/release.yaml" }

// servedIn reads the state that a tree holds.
func servedIn(tree fs.FS, environment, model string) (promotion.Served, error) {
	text, err := fs.ReadFile(tree, releaseOf(model))
	if errors.Is(err, fs.ErrNotExist) {
		return promotion.Served{}, nil
	}
	if err != nil {
		return promotion.Served{}, err
	}
	return parseServed(environment, model, text)
}

func parseServed(environment, model string, text []byte) (promotion.Served, error) {
	var release kube.Release
	if err := yaml.UnmarshalStrict(text, &release); err != nil {
		return promotion.Served{}, fmt.Errorf("reading %s of %s: %w", releaseOf(model), branchOf(environment), err)
	}
	digest, err := evidence.ParseDigest(release.Spec.Digest)
	if err != nil {
		return promotion.Served{}, fmt.Errorf("reading %s of %s: %w", releaseOf(model), branchOf(environment), err)
	}
	served := promotion.Served{Release: evidence.Subject{Name: model, Digest: digest}}
	for _, envelope := range release.Spec.Envelopes {
		served.Envelopes = append(served.Envelopes, evidence.Envelope(envelope))
	}
	return served, nil
}
