package oci

import (
	"context"
	"fmt"

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
	envelopes, err := r.list(ctx, reference, subject.Digest)
	if err != nil {
		return nil, fmt.Errorf("listing evidence for %s: %w", reference, err)
	}
	return inOrder(envelopes), nil
}

func (r *Registry) list(ctx context.Context, reference name.Digest, subject evidence.Digest) ([]evidence.Envelope, error) {
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
		layers, err := parseAttachment(raw, subject)
		if err != nil {
			return nil, fmt.Errorf("referrer %s: %w", referrer.Digest, err)
		}
		if len(envelopes)+len(layers) > maxEnvelopes {
			return nil, fmt.Errorf("there are more than %d envelopes", maxEnvelopes)
		}
		for _, layer := range layers {
			envelope, err := r.blob(ctx, reference, layer)
			if err != nil {
				return nil, fmt.Errorf("envelope %s: %w", layer.Digest, err)
			}
			envelopes = append(envelopes, envelope)
		}
	}
	return envelopes, nil
}

// referrers are the manifests that claim to carry evidence; those of other
// tools (signatures, bills of materials) are none of our business.
func (r *Registry) referrers(ctx context.Context, reference name.Digest) ([]v1.Descriptor, error) {
	options := append(r.with(ctx), remote.WithFilter("artifactType", evidenceType))
	index, err := remote.Referrers(reference, options...)
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
	if len(list.Manifests) > maxReferrers {
		return nil, fmt.Errorf("there are %d referrers, more than %d", len(list.Manifests), maxReferrers)
	}
	return list.Manifests, nil
}
