package oci

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Meta is what an artifact says of its model.
type Meta struct {
	Name   string // of the model; also of the repository below <registry>/models
	Task   string // what kind of outcome it predicts
	Recipe string // digest of all that the training read
}

// Artifact is a model in the form in which a registry keeps it. Build and
// Pull make them.
type Artifact struct {
	meta   Meta
	blobs  []v1.Layer // the files, and the config last
	parsed v1.Manifest
	raw    []byte
}

// config is the part of a ModelPack config that Assay states.
type config struct {
	Descriptor struct {
		Name     string `json:"name"`
		Family   string `json:"family,omitempty"`   // the task
		Revision string `json:"revision,omitempty"` // the recipe
	} `json:"descriptor"`
	ModelFS struct {
		Type    string   `json:"type"`
		DiffIDs []string `json:"diffIds"`
	} `json:"modelfs"`
}

// Build packs files. There is no time and no machine in the result: the same
// files and the same Meta are the same digest.
func Build(files Files, meta Meta) (Artifact, error) {
	if err := files.validate(); err != nil {
		return Artifact{}, fmt.Errorf("packing %s: %w", meta.Name, err)
	}
	var form config
	form.Descriptor.Name, form.Descriptor.Family, form.Descriptor.Revision = meta.Name, meta.Task, meta.Recipe
	form.ModelFS.Type = "layers"
	a := Artifact{meta: meta, parsed: v1.Manifest{
		SchemaVersion: 2, MediaType: types.OCIManifestSchema1, ArtifactType: modelType,
	}}
	for _, name := range files.names() {
		layer, descriptor, err := newBlob(files[name], weightType, map[string]string{filePath: name})
		if err != nil {
			return Artifact{}, err
		}
		a.blobs = append(a.blobs, layer)
		a.parsed.Layers = append(a.parsed.Layers, descriptor)
		form.ModelFS.DiffIDs = append(form.ModelFS.DiffIDs, descriptor.Digest.String())
	}
	encoded, err := json.Marshal(form)
	if err != nil {
		return Artifact{}, err
	}
	layer, descriptor, err := newBlob(encoded, modelConfigType, nil)
	if err != nil {
		return Artifact{}, err
	}
	a.blobs, a.parsed.Config = append(a.blobs, layer), descriptor
	a.raw, err = json.Marshal(a.parsed)
	return a, err
}

// Digest names the artifact: it is the digest of its manifest.
func (a Artifact) Digest() evidence.Digest { return evidence.Sum(a.raw) }

// Subject is the artifact as evidence speaks of it.
func (a Artifact) Subject() evidence.Subject {
	return evidence.Subject{Name: a.meta.Name, Digest: a.Digest()}
}

// Manifest is the OCI image manifest.
func (a Artifact) Manifest() []byte { return bytes.Clone(a.raw) }

// RawManifest and MediaType let the registry client put the artifact.
func (a Artifact) RawManifest() ([]byte, error)        { return a.raw, nil }
func (a Artifact) MediaType() (types.MediaType, error) { return a.parsed.MediaType, nil }

func newBlob(content []byte, mediaType types.MediaType, annotations map[string]string) (v1.Layer, v1.Descriptor, error) {
	layer := static.NewLayer(content, mediaType)
	digest, err := layer.Digest()
	return layer, v1.Descriptor{
		MediaType: mediaType, Size: int64(len(content)), Digest: digest, Annotations: maps.Clone(annotations),
	}, err
}
