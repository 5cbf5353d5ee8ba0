package keyless_test

import (
	"encoding/json"
	"testing"

	"github.com/sigstore/sigstore-go/pkg/sign"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/test/harness/sigstore"
)

// bundled signs as another client would, which does not look at what it gets.
func bundled(t testing.TB, options sign.BundleOptions, deployment *sigstore.Deployment) evidence.Envelope {
	t.Helper()
	payload, err := statement().Encode()
	if err != nil {
		t.Fatal(err)
	}
	pair, err := sign.NewEphemeralKeypair(nil)
	if err != nil {
		t.Fatal(err)
	}
	options.Context = t.Context()
	options.CertificateProvider = sign.NewFulcio(&sign.FulcioOptions{BaseURL: deployment.URL})
	options.CertificateProviderOptions = &sign.CertificateProviderOptions{IDToken: deployment.Token(measurer.Issuer, measurer.Subject)}
	made, err := sign.Bundle(&sign.DSSEData{Data: payload, PayloadType: evidence.PayloadType}, pair, options)
	if err != nil {
		t.Fatal(err)
	}
	text, err := protojson.Marshal(made)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// entered holds a certificate of one deployment, and an entry in the log of
// another.
func entered(t testing.TB, fulcio, rekor *sigstore.Deployment) evidence.Envelope {
	t.Helper()
	return bundled(t, sign.BundleOptions{TransparencyLogs: []sign.Transparency{sign.NewRekor(&sign.RekorOptions{BaseURL: rekor.URL})}}, fulcio)
}

// stamped holds the time of a timestamping authority, and no entry of a log.
func stamped(t testing.TB, deployment *sigstore.Deployment) evidence.Envelope {
	t.Helper()
	authority := sign.NewTimestampAuthority(&sign.TimestampAuthorityOptions{URL: deployment.URL + "/api/v1/timestamp"})
	return bundled(t, sign.BundleOptions{TimestampAuthorities: []*sign.TimestampAuthority{authority}}, deployment)
}

// without is an envelope that lacks a part of its proof.
func without(t testing.TB, envelope evidence.Envelope, part string) evidence.Envelope {
	t.Helper()
	return changed(t, envelope, func(bundle map[string]any) { delete(material(bundle), part) })
}

// swapped is an envelope with parts of another's proof.
func swapped(t testing.TB, envelope, other evidence.Envelope, parts ...string) evidence.Envelope {
	t.Helper()
	var from map[string]any
	if err := json.Unmarshal(other, &from); err != nil {
		t.Fatal(err)
	}
	return changed(t, envelope, func(bundle map[string]any) {
		for _, part := range parts {
			material(bundle)[part] = material(from)[part]
		}
	})
}
