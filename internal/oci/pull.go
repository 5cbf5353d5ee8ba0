package oci

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Pull reads a model back. Every byte of it is covered by the digest in the
// subject, or the pull is an error.
func (r *Registry) Pull(ctx context.Context, subject evidence.Subject) (Files, Meta, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	reference, err := r.reference(subject)
	if err != nil {
		return nil, Meta{}, err
	}
	files, meta, err := r.pull(ctx, reference)
	if err != nil {
		return nil, Meta{}, fmt.Errorf("pulling %s: %w", reference, err)
	}
	return files, meta, nil
}

func (r *Registry) pull(ctx context.Context, reference name.Digest) (Files, Meta, error) {
	raw, err := r.manifest(ctx, reference)
	if err != nil {
		return nil, Meta{}, err
	}
	manifest, err := parseModel(raw)
	if err != nil {
		return nil, Meta{}, err
	}
	encoded, err := r.blob(ctx, reference, manifest.Config)
	if err != nil {
		return nil, Meta{}, fmt.Errorf("config: %w", err)
	}
	var form config
	if err := json.Unmarshal(encoded, &form); err != nil {
		return nil, Meta{}, fmt.Errorf("config: %w", err)
	}
	files := Files{}
	for _, layer := range manifest.Layers {
		path := layer.Annotations[filePath]
		if files[path], err = r.blob(ctx, reference, layer); err != nil {
			return nil, Meta{}, fmt.Errorf("%s: %w", path, err)
		}
	}
	return files, Meta{Name: form.Descriptor.Name, Task: form.Descriptor.Family, Recipe: form.Descriptor.Revision}, nil
}

// manifest reads a manifest; the client compares it with its digest.
func (r *Registry) manifest(ctx context.Context, reference name.Digest) ([]byte, error) {
	found, err := remote.Get(reference, r.with(ctx)...)
	if isAbsent(err) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return found.Manifest, nil
}

// blob reads content of exactly the size and digest that its descriptor says.
func (r *Registry) blob(ctx context.Context, reference name.Digest, want v1.Descriptor) ([]byte, error) {
	layer, err := remote.Layer(reference.Context().Digest(want.Digest.String()), r.with(ctx)...)
	if err != nil {
		return nil, err
	}
	reader, err := layer.Compressed() // as stored; nothing is compressed here
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	content, err := io.ReadAll(io.LimitReader(reader, want.Size+1))
	if err != nil {
		return nil, err
	}
	if int64(len(content)) != want.Size || string(evidence.Sum(content)) != want.Digest.String() {
		return nil, fmt.Errorf("the registry answered with other content than %s", want.Digest)
	}
	return content, nil
}
