package oci

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// attachment is a referrer that carries one envelope about its subject, in the
// form in which cosign stores an attestation: one manifest, one layer.
// https://github.com/sigstore/cosign/blob/main/specs/BUNDLE_SPEC.md
type attachment struct {
	blobs []v1.Layer
	raw   []byte
}

func newAttachment(subject v1.Descriptor, envelope evidence.Envelope) (attachment, error) {
	if len(envelope) > maxEnvelope {
		return attachment{}, fmt.Errorf("envelope %s is larger than %d bytes", envelope.Digest().Short(), maxEnvelope)
	}
	empty, config, err := newBlob([]byte(emptyConfig), emptyConfigType, nil)
	if err != nil {
		return attachment{}, err
	}
	layer, descriptor, err := newBlob(envelope, evidence.BundleType, nil)
	if err != nil {
		return attachment{}, err
	}
	raw, err := json.Marshal(v1.Manifest{
		SchemaVersion: 2, MediaType: types.OCIManifestSchema1, ArtifactType: evidence.BundleType, Config: config,
		Layers: []v1.Descriptor{descriptor}, Subject: &subject, Annotations: label(envelope),
	})
	return attachment{[]v1.Layer{empty, layer}, raw}, err
}

// inOrder sorts envelopes by digest and drops repetitions, so that the same
// evidence is the same manifests in whatever order it was measured.
func inOrder(envelopes []evidence.Envelope) []evidence.Envelope {
	sorted := slices.Clone(envelopes)
	slices.SortFunc(sorted, compareEnvelopes)
	return slices.CompactFunc(sorted, func(a, b evidence.Envelope) bool { return compareEnvelopes(a, b) == 0 })
}

func compareEnvelopes(a, b evidence.Envelope) int {
	return slices.Compare([]byte(a.Digest()), []byte(b.Digest()))
}

func (a attachment) RawManifest() ([]byte, error)        { return a.raw, nil }
func (a attachment) MediaType() (types.MediaType, error) { return types.OCIManifestSchema1, nil }
func (a attachment) digest() evidence.Digest             { return evidence.Sum(a.raw) }

// label tells people and cosign what an envelope claims to hold. It is read
// without verification, so nothing of ours may ever depend on it.
func label(envelope evidence.Envelope) map[string]string {
	var outer struct {
		Signed struct {
			Payload string `json:"payload"`
		} `json:"dsseEnvelope"`
	}
	var inner struct {
		PredicateType string `json:"predicateType"`
		Predicate     struct {
			Gate string `json:"gate"`
		} `json:"predicate"`
	}
	labels := map[string]string{"dev.sigstore.bundle.content": "dsse-envelope"}
	if json.Unmarshal(envelope, &outer) != nil {
		return labels
	}
	payload, err := base64.StdEncoding.DecodeString(outer.Signed.Payload)
	if err != nil || json.Unmarshal(payload, &inner) != nil {
		return labels
	}
	for key, value := range map[string]string{"dev.sigstore.bundle.predicateType": inner.PredicateType, "assay.dev/gate": inner.Predicate.Gate} {
		if value != "" && len(value) <= maxAnnotation {
			labels[key] = value
		}
	}
	return labels
}
