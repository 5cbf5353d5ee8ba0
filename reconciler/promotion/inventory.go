package promotion

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// Inventory is implemented by a gate that can list what an image is made of, as
// a CycloneDX document. It measures the document's digest as sbom.
type Inventory interface {
	Components(ctx context.Context, image string) ([]byte, error)
}

// inventory signs the bills of materials of the serving image. They are kept in
// the registry beside the other evidence, and not in the Release object: a rule
// needs their digest alone, which is measured, and a cluster's store is small.
func inventory(ctx context.Context, tools Tools, state *State) ([]evidence.Envelope, error) {
	image := state.Objects.Model.Spec.Serving.Image
	var envelopes []evidence.Envelope
	for _, gate := range tools.Gates {
		lister, ok := gate.(Inventory)
		if !ok {
			continue
		}
		key, err := digestOf(tools.Version, image)
		if err != nil {
			return nil, err
		}
		document, _, err := value(tools.Ledger, "inventory", key, func() ([]byte, error) { return lister.Components(ctx, image) })
		if err != nil {
			return nil, fmt.Errorf("gate %s: %w", gate.Name(), err)
		}
		if !measuredAs(state.Measured, gate.Name(), evidence.Sum(document)) {
			return nil, fmt.Errorf("gate %s: the bill of materials %s of %s is not the one that was measured", gate.Name(), evidence.Sum(document).Short(), image)
		}
		envelope, err := sign(ctx, tools, evidence.Listed(state.Release, document))
		if err != nil {
			return nil, err
		}
		envelopes = append(envelopes, envelope)
	}
	return envelopes, nil
}

func measuredAs(measured []evidence.Measurements, gate string, document evidence.Digest) bool {
	return slices.ContainsFunc(measured, func(one evidence.Measurements) bool {
		return one.Gate == gate && slices.ContainsFunc(one.Measurements, func(m evidence.Measurement) bool {
			return m.Name == "sbom" && m.Group == string(document)
		})
	})
}

// imagesOf names the image that serves, and the one that trained if there is
// one.
func imagesOf(candidate gates.Candidate) ([]evidence.Subject, error) {
	var images []evidence.Subject
	for _, one := range []struct{ name, what, reference string }{
		{"image", "the serving image", candidate.Image}, {"training-image", "the training image", candidate.TrainingImage},
	} {
		if one.name == "training-image" && one.reference == "" {
			continue
		}
		_, digest, _ := strings.Cut(one.reference, "@")
		read, err := evidence.ParseDigest(digest)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", one.what, err)
		}
		images = append(images, evidence.Subject{Name: one.name, Digest: read})
	}
	return images, nil
}
