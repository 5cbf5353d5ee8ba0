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

// attachment is a referrer that carries envelopes about its subject.
type attachment struct {
	blobs []v1.Layer
	raw   []byte
}

func newAttachment(subject v1.Descriptor, envelopes []evidence.Envelope) (attachment, error) {
	if len(envelopes) > maxEnvelopes {
		return attachment{}, fmt.Errorf("%d envelopes are more than %d", len(envelopes), maxEnvelopes)
	}
	var a attachment
	layer, config, err := newBlob([]byte(emptyConfig), evidenceType, nil)
	if err != nil {
		return attachment{}, err
	}
	a.blobs = append(a.blobs, layer)
	manifest := v1.Manifest{
		SchemaVersion: 2, MediaType: types.OCIManifestSchema1, ArtifactType: evidenceType, Config: config, Subject: &subject,
	}
	for _, envelope := range inOrder(envelopes) {
		if len(envelope) > maxEnvelope {
			return attachment{}, fmt.Errorf("envelope %s is larger than %d bytes", envelope.Digest().Short(), maxEnvelope)
		}
		layer, descriptor, err := newBlob(envelope, evidenceType, label(envelope))
		if err != nil {
			return attachment{}, err
		}
		a.blobs = append(a.blobs, layer)
		manifest.Layers = append(manifest.Layers, descriptor)
	}
	a.raw, err = json.Marshal(manifest)
	return a, err
}

// inOrder sorts envelopes by digest and drops repetitions, so that the same
// evidence is the same manifest in whatever order it was measured.
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

// label tells people who browse a registry what an envelope claims to hold.
// It is read without verification, so nothing may ever depend on it.
func label(envelope evidence.Envelope) map[string]string {
	var outer struct {
		Payload string `json:"payload"`
	}
	var inner struct {
		PredicateType string `json:"predicateType"`
		Predicate     struct {
			Gate string `json:"gate"`
		} `json:"predicate"`
	}
	if json.Unmarshal(envelope, &outer) != nil {
		return nil
	}
	payload, err := base64.StdEncoding.DecodeString(outer.Payload)
	if err != nil || json.Unmarshal(payload, &inner) != nil {
		return nil
	}
	labels := map[string]string{}
	for key, value := range map[string]string{"in-toto.io/predicate-type": inner.PredicateType, "assay.dev/gate": inner.Predicate.Gate} {
		if value != "" && len(value) <= maxAnnotation {
			labels[key] = value
		}
	}
	return labels
}
