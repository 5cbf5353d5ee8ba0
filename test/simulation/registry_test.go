package simulation

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/oci"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// registry keeps what internal/oci has named.
type registry map[evidence.Digest]*packed

type packed struct {
	name      string
	files     oci.Files
	envelopes []evidence.Envelope
}

// packer is a process's way to the registry.
type packer struct {
	process *process
	world   *world
}

func build(name string, files fs.FS) (oci.Files, evidence.Subject, error) {
	collected, err := oci.Collect(files)
	if err != nil {
		return nil, evidence.Subject{}, err
	}
	artifact, err := oci.Build(collected, oci.Meta{Name: name})
	return collected, artifact.Subject(), err
}

func (packer) Identify(name string, files fs.FS) (evidence.Subject, error) {
	_, subject, err := build(name, files)
	return subject, err
}

// Pack shows evidence first and the model last, as internal/oci does. A release
// that lies there already is not written again.
func (p packer) Pack(_ context.Context, _, name string, files fs.FS, envelopes []evidence.Envelope) error {
	collected, subject, err := build(name, files)
	if err != nil {
		return err
	}
	there := p.world.registry[subject.Digest]
	if there != nil && len(unknown(there.envelopes, envelopes)) == 0 {
		return nil
	}
	return p.process.effect("registry: pack "+subject.String(), false, func() error {
		if p.world.registry[subject.Digest] == nil {
			p.world.registry[subject.Digest] = &packed{name: name, files: collected}
		}
		here := p.world.registry[subject.Digest]
		if !p.world.flaws.evidenceNotPacked {
			here.envelopes = append(here.envelopes, unknown(here.envelopes, envelopes)...)
		}
		p.world.change()
		return nil
	})
}

func unknown(known, envelopes []evidence.Envelope) []evidence.Envelope {
	return slices.DeleteFunc(slices.Clone(envelopes), func(envelope evidence.Envelope) bool {
		return slices.ContainsFunc(known, func(other evidence.Envelope) bool { return string(other) == string(envelope) })
	})
}

func (p packer) Pull(_ context.Context, _ string, release evidence.Subject, into string) error {
	return p.process.effect("registry: pull "+release.String(), true, func() error {
		there := p.world.registry[release.Digest]
		if there == nil {
			return fmt.Errorf("the registry has no %s", release)
		}
		for name, content := range there.files {
			if err := os.WriteFile(filepath.Join(into, name), content, 0o600); err != nil {
				return err
			}
		}
		return nil
	})
}

func (p packer) List(_ context.Context, _ string, release evidence.Subject) (found []evidence.Envelope, err error) {
	err = p.process.effect("registry: list "+release.String(), true, func() error {
		if there := p.world.registry[release.Digest]; there != nil {
			found = slices.Clone(there.envelopes)
		}
		return nil
	})
	return found, err
}

var _ promotion.Packer = packer{}
