package oci

import (
	"context"
	"fmt"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Push makes a release: the model's files, then the evidence, then the
// model's manifest. A push that breaks off leaves no release behind; the same
// push again finishes it, and once more changes nothing.
func (r *Registry) Push(ctx context.Context, artifact Artifact, envelopes []evidence.Envelope) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	reference, err := r.reference(artifact.Subject())
	if err != nil {
		return err
	}
	if err := r.upload(ctx, reference, artifact.blobs); err != nil {
		return fmt.Errorf("pushing %s: %w", reference, err)
	}
	if err := r.attach(ctx, reference, int64(len(artifact.raw)), envelopes); err != nil {
		return fmt.Errorf("pushing evidence for %s: %w", reference, err)
	}
	if err := remote.Push(reference, artifact, r.with(ctx)...); err != nil {
		return fmt.Errorf("pushing %s: %w", reference, err)
	}
	return nil
}

// Attach adds envelopes to an artifact that the registry has.
func (r *Registry) Attach(ctx context.Context, subject evidence.Subject, envelopes []evidence.Envelope) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	reference, err := r.reference(subject)
	if err != nil {
		return err
	}
	found, err := remote.Head(reference, r.with(ctx)...)
	if isAbsent(err) {
		err = ErrNotFound
	}
	if err == nil {
		err = r.attach(ctx, reference, found.Size, envelopes)
	}
	if err != nil {
		return fmt.Errorf("attaching evidence to %s: %w", reference, err)
	}
	return nil
}

func (r *Registry) attach(ctx context.Context, subject name.Digest, size int64, envelopes []evidence.Envelope) error {
	digest, err := v1.NewHash(subject.DigestStr())
	if err != nil {
		return err
	}
	for _, envelope := range inOrder(envelopes) {
		referrer, err := newAttachment(v1.Descriptor{MediaType: types.OCIManifestSchema1, Size: size, Digest: digest}, envelope)
		if err != nil {
			return err
		}
		if err := r.upload(ctx, subject, referrer.blobs); err != nil {
			return err
		}
		if err := remote.Push(subject.Context().Digest(string(referrer.digest())), referrer, r.with(ctx)...); err != nil {
			return err
		}
	}
	return nil
}

// upload puts blobs that the repository does not have yet.
func (r *Registry) upload(ctx context.Context, into name.Digest, blobs []v1.Layer) error {
	for _, blob := range blobs {
		if err := remote.WriteLayer(into.Context(), blob, r.with(ctx)...); err != nil {
			return err
		}
	}
	return nil
}
