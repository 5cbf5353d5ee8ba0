package assembly

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/oci"
)

// packer keeps releases in an OCI registry.
type packer struct{}

func (packer) Identify(name string, files fs.FS) (evidence.Subject, error) {
	artifact, err := build(name, files)
	return artifact.Subject(), err
}

func (packer) Pack(ctx context.Context, registry, name string, files fs.FS, envelopes []evidence.Envelope) error {
	artifact, err := build(name, files)
	if err != nil {
		return err
	}
	opened, err := oci.Open(registry)
	if err != nil {
		return err
	}
	return opened.Push(ctx, artifact, envelopes)
}

func (packer) Pull(ctx context.Context, registry string, release evidence.Subject, into string) error {
	opened, err := oci.Open(registry)
	if err != nil {
		return err
	}
	files, _, err := opened.Pull(ctx, release)
	if err != nil {
		return err
	}
	for name, content := range files {
		path := filepath.Join(into, filepath.FromSlash(name)) // oci refuses names that leave the folder
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return fmt.Errorf("keeping release %s: %w", release, err)
		}
	}
	return nil
}

func (packer) List(ctx context.Context, registry string, release evidence.Subject) ([]evidence.Envelope, error) {
	opened, err := oci.Open(registry)
	if err != nil {
		return nil, err
	}
	return opened.List(ctx, release)
}

// rehearsal reads the registry, and leaves it as it is.
type rehearsal struct{ packer }

func (rehearsal) Pack(context.Context, string, string, fs.FS, []evidence.Envelope) error { return nil }

func build(name string, files fs.FS) (oci.Artifact, error) {
	collected, err := oci.Collect(files)
	if err != nil {
		return oci.Artifact{}, err
	}
	return oci.Build(collected, oci.Meta{Name: name})
}
