package oci

import (
	"encoding/json"
	"errors"
	"fmt"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	strict "sigs.k8s.io/json"

	"github.com/mlops-clinical-trials/assay/evidence"
)

var errOtherType = errors.New("another type of artifact")

// parseModel reads a model's manifest and refuses one that is too large to
// pull or that names files outside its folder.
func parseModel(raw []byte) (v1.Manifest, error) {
	manifest, err := parseManifest(raw, modelType)
	if err != nil {
		return v1.Manifest{}, err
	}
	if err := parseDescriptor(manifest.Config, maxConfig); err != nil {
		return v1.Manifest{}, fmt.Errorf("config: %w", err)
	}
	if len(manifest.Layers) == 0 || len(manifest.Layers) > maxFiles {
		return v1.Manifest{}, fmt.Errorf("a model has 1 to %d files, not %d", maxFiles, len(manifest.Layers))
	}
	seen := map[string]bool{}
	left := int64(maxModel)
	for _, layer := range manifest.Layers {
		path := layer.Annotations[filePath]
		if err := validatePath(path); err != nil {
			return v1.Manifest{}, err
		}
		if err := parseDescriptor(layer, min(maxFile, left)); err != nil {
			return v1.Manifest{}, fmt.Errorf("%q: %w", path, err)
		}
		if layer.MediaType != weightType || seen[path] {
			return v1.Manifest{}, fmt.Errorf("%q is there twice or is not a plain file", path)
		}
		seen[path] = true
		left -= layer.Size
	}
	return manifest, nil
}

// parseAttachment reads the manifest of a referrer that claims to carry an
// envelope about the subject.
func parseAttachment(raw []byte, subject evidence.Digest) (v1.Descriptor, error) {
	manifest, err := parseManifest(raw, evidence.BundleType)
	if err != nil {
		return v1.Descriptor{}, err
	}
	if manifest.Subject == nil || manifest.Subject.Digest.String() != string(subject) {
		return v1.Descriptor{}, fmt.Errorf("it is not about %s", subject)
	}
	if len(manifest.Layers) != 1 {
		return v1.Descriptor{}, fmt.Errorf("it has %d envelopes and not one", len(manifest.Layers))
	}
	if layer := manifest.Layers[0]; layer.MediaType != evidence.BundleType {
		return v1.Descriptor{}, fmt.Errorf("its envelope is a %.80q and not a %s", layer.MediaType, evidence.BundleType)
	}
	return manifest.Layers[0], parseDescriptor(manifest.Layers[0], maxEnvelope)
}

func parseManifest(raw []byte, artifactType string) (v1.Manifest, error) {
	if len(raw) > maxManifest {
		return v1.Manifest{}, fmt.Errorf("the manifest is larger than %d bytes", maxManifest)
	}
	var manifest v1.Manifest
	if err := json.Unmarshal(raw, &manifest); err != nil {
		return v1.Manifest{}, fmt.Errorf("reading a manifest: %w", err)
	}
	if manifest.ArtifactType != artifactType {
		return v1.Manifest{}, fmt.Errorf("%w: it is %.80q, not %s", errOtherType, manifest.ArtifactType, artifactType)
	}
	return manifest, readsOneWay(raw)
}

// readsOneWay holds when every program reads the same in a manifest of ours:
// what stands there twice, or in another case, one program takes from here and
// another from there.
func readsOneWay(raw []byte) error {
	var manifest v1.Manifest
	problems, err := strict.UnmarshalStrict(raw, &manifest)
	if err := errors.Join(append(problems, err)...); err != nil {
		return fmt.Errorf("reading a manifest: %w", err)
	}
	return nil
}

func parseDescriptor(descriptor v1.Descriptor, limit int64) error {
	if _, err := evidence.ParseDigest(descriptor.Digest.String()); err != nil {
		return err
	}
	if descriptor.Size < 0 || descriptor.Size > limit {
		return fmt.Errorf("it has %d bytes, at most %d are allowed", descriptor.Size, limit)
	}
	return nil
}
