package keyless

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/sigstore/sigstore-go/pkg/fulcio/certificate"
	"github.com/sigstore/sigstore-go/pkg/root"
	"github.com/sigstore/sigstore-go/pkg/verify"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// Certificate says whose certificate it is, if one of the authorities issued it,
// it was alive at that instant, and the logs of certificates that the root names
// have seen it. Intermediate certificates that came with it may be given; those
// of the root are known. The instant must be one that somebody else vouches for:
// whoever signs late chooses their own.
func (r *Root) Certificate(leaf *x509.Certificate, intermediates []*x509.Certificate, at time.Time) (evidence.Identity, error) {
	chains, err := r.chains(leaf, intermediates, at)
	if err != nil {
		return evidence.Identity{}, err
	}
	if len(r.material.CTLogs()) > 0 {
		if err := verify.VerifySignedCertificateTimestamp(chains, 1, r.material); err != nil {
			return evidence.Identity{}, fmt.Errorf("no trusted log of certificates has seen the certificate: %w", err)
		}
	}
	return identityOf(leaf)
}

func (r *Root) chains(leaf *x509.Certificate, intermediates []*x509.Certificate, at time.Time) ([][]*x509.Certificate, error) {
	if at.Before(leaf.NotBefore) || at.After(leaf.NotAfter) {
		return nil, fmt.Errorf("the certificate was alive from %s until %s, and not at %s",
			leaf.NotBefore.UTC().Format(time.RFC3339), leaf.NotAfter.UTC().Format(time.RFC3339), at.UTC().Format(time.RFC3339))
	}
	for _, authority := range r.material.FulcioCertificateAuthorities() {
		if known, ok := authority.(*root.FulcioCertificateAuthority); ok && len(intermediates) > 0 {
			longer := *known
			longer.Intermediates = slices.Concat(known.Intermediates, intermediates)
			authority = &longer
		}
		if chains, err := authority.Verify(leaf, at); err == nil {
			return chains, nil
		}
	}
	return nil, errors.New("no trusted authority issued the certificate")
}

// identityOf is what a certificate says of its holder: Fulcio writes exactly one
// name, and of two nobody could say which one was meant.
func identityOf(leaf *x509.Certificate) (evidence.Identity, error) {
	summary, err := certificate.SummarizeCertificate(leaf)
	if err != nil {
		return evidence.Identity{}, fmt.Errorf("reading a certificate: %w", err)
	}
	if len(leaf.EmailAddresses)+len(leaf.URIs) != 1 || len(leaf.DNSNames)+len(leaf.IPAddresses) != 0 || summary.Issuer == "" {
		return evidence.Identity{}, errors.New("the certificate does not name one holder and one issuer of identities")
	}
	return evidence.Identity{Issuer: summary.Issuer, Subject: summary.SubjectAlternativeName}, nil
}
