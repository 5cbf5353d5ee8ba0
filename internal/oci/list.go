package oci

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// List reads every envelope that refers to the subject, in the order of their
// digests. Too many or too large ones are an error and not a shorter list: an
// envelope that was left out might have been the one that matters.
func (r *Registry) List(ctx context.Context, subject evidence.Subject) ([]evidence.Envelope, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	reference, err := r.reference(subject)
	if err != nil {
		return nil, err
	}
	envelopes, err := r.list(ctx, reference, subject.Digest, maxReferrers*maxEnvelope)
	if err != nil {
		return nil, fmt.Errorf("listing evidence for %s: %w", reference, err)
	}
	return inOrder(envelopes), nil
}

// list reads no more than a number of bytes of envelopes.
func (r *Registry) list(ctx context.Context, reference name.Digest, subject evidence.Digest, left int64) ([]evidence.Envelope, error) {
	referrers, err := r.referrers(ctx, reference)
	if err != nil {
		return nil, err
	}
	var envelopes []evidence.Envelope
	for _, referrer := range referrers {
		raw, err := r.manifest(ctx, reference.Context().Digest(referrer.Digest.String()))
		if err != nil {
			return nil, fmt.Errorf("referrer %s: %w", referrer.Digest, err)
		}
		layer, err := parseAttachment(raw, subject)
		if errors.Is(err, errOtherType) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("referrer %s: %w", referrer.Digest, err)
		}
		if left -= layer.Size; left < 0 {
			return nil, errors.New("there is more evidence than anybody reads")
		}
		envelope, err := r.blob(ctx, reference, layer)
		if err != nil {
			return nil, fmt.Errorf("envelope %s: %w", layer.Digest, err)
		}
		envelopes = append(envelopes, envelope)
	}
	return envelopes, nil
}

// referrers are the manifests that may carry evidence; those that say that
// they are something else are none of our business. Some registries tell the
// type of the config, which is empty, for the type of the artifact.
func (r *Registry) referrers(ctx context.Context, reference name.Digest) ([]v1.Descriptor, error) {
	index, err := remote.Referrers(reference, r.with(ctx)...)
	if isAbsent(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	list, err := index.IndexManifest()
	if err != nil {
		return nil, err
	}
	candidates := slices.DeleteFunc(list.Manifests, func(found v1.Descriptor) bool {
		return !slices.Contains([]string{evidence.BundleType, string(emptyConfigType), ""}, found.ArtifactType)
	})
	if len(candidates) > maxReferrers {
		return nil, fmt.Errorf("there are %d referrers, more than %d", len(candidates), maxReferrers)
	}
	return candidates, nil
}
