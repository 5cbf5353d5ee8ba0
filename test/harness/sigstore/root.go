package sigstore

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"

	"github.com/sigstore/sigstore-go/pkg/root"
)

// Parts of a trusted root: what a client needs to verify what was made here. A
// test may leave some out, or mix those of two deployments.
type Parts struct {
	Fulcio, Certificates, Rekor, Timestamps *Deployment

	RootOnly bool // of the certificate authority: its intermediate is not named
}

// Intermediate is the certificate of the authority that issues.
func (d *Deployment) Intermediate() *x509.Certificate { return d.fulcio.intermediate }

// TrustedRoot names all of the deployment but its timestamps.
func (d *Deployment) TrustedRoot() ([]byte, error) {
	return Parts{Fulcio: d, Certificates: d, Rekor: d}.TrustedRoot()
}

// TrustedRoot is a trusted_root.json.
func (p Parts) TrustedRoot() ([]byte, error) {
	var authorities []root.CertificateAuthority
	if p.Fulcio != nil {
		authority := &root.FulcioCertificateAuthority{URI: p.Fulcio.URL, Root: p.Fulcio.fulcio.root, ValidityPeriodStart: dawn}
		if !p.RootOnly {
			authority.Intermediates = []*x509.Certificate{p.Fulcio.fulcio.intermediate}
		}
		authorities = append(authorities, authority)
	}
	var stamps []root.TimestampingAuthority
	if d := p.Timestamps; d != nil {
		stamps = append(stamps, &root.SigstoreTimestampingAuthority{
			URI: d.URL, Root: d.stamps.root, Intermediates: []*x509.Certificate{d.stamps.intermediate}, Leaf: d.stamper.certificate, ValidityPeriodStart: dawn,
		})
	}
	certificates, logs := map[string]*root.TransparencyLog{}, map[string]*root.TransparencyLog{}
	if p.Certificates != nil {
		if err := name(certificates, p.Certificates.URL, p.Certificates.ctlog); err != nil {
			return nil, err
		}
	}
	if p.Rekor != nil {
		if err := name(logs, p.Rekor.URL, p.Rekor.rekor); err != nil {
			return nil, err
		}
	}
	trusted, err := root.NewTrustedRoot(root.TrustedRootMediaType01, authorities, certificates, stamps, logs)
	if err != nil {
		return nil, err
	}
	return trusted.MarshalJSON()
}

func name(logs map[string]*root.TransparencyLog, url string, key *ecdsa.PrivateKey) error {
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	logs[hex.EncodeToString(sum(public))] = &root.TransparencyLog{
		BaseURL: url, ID: sum(public), PublicKey: key.Public(), HashFunc: crypto.SHA256, SignatureHashFunc: crypto.SHA256, ValidityPeriodStart: dawn,
	}
	return nil
}

// SigningConfig tells cosign where to sign.
// https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_trustroot.proto
func (d *Deployment) SigningConfig() ([]byte, error) {
	here := []any{map[string]any{
		"url": d.URL, "majorApiVersion": 1, "operator": "assay.test", "validFor": map[string]any{"start": dawn},
	}}
	return json.Marshal(map[string]any{
		"mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json",
		"caUrls":    here, "rekorTlogUrls": here, "rekorTlogConfig": map[string]any{"selector": "ANY"},
	})
}
