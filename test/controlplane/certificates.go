package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"net"
	"time"
)

// A test world outlives no certificate that lasts this long, so that renewal
// need not be thought of.
const validity = 10 * 365 * 24 * time.Hour

// ensureCertificates issues the API server's certificate under an authority of
// its own, unless an earlier run did. They are kept, so that a client that
// trusts this folder keeps doing so after a restart. The authority's key is
// never written down: nobody can issue a second certificate under it.
func ensureCertificates(dir folder, now time.Time) error {
	if exists(dir.authority()) {
		return nil
	}
	authorityKey, authority, err := issue(authorityTemplate(now), nil, nil)
	if err != nil {
		return fmt.Errorf("issuing the authority: %w", err)
	}
	servingKey, serving, err := issue(servingTemplate(now), authority, authorityKey)
	if err != nil {
		return fmt.Errorf("issuing the serving certificate: %w", err)
	}
	if err := writeKey(dir.servingKey(), servingKey); err != nil {
		return err
	}
	if err := writeCertificate(dir.servingCert(), serving); err != nil {
		return err
	}
	// Last, because its presence says that the set is complete.
	return writeCertificate(dir.authority(), authority)
}

func authorityTemplate(now time.Time) *x509.Certificate {
	return &x509.Certificate{
		Subject:               pkix.Name{CommonName: "assay test control plane authority"},
		NotBefore:             now.Add(-time.Hour), // a clock may be set back a little
		NotAfter:              now.Add(validity),
		KeyUsage:              x509.KeyUsageCertSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
}

func servingTemplate(now time.Time) *x509.Certificate {
	return &x509.Certificate{
		Subject:     pkix.Name{CommonName: "kube-apiserver"},
		NotBefore:   now.Add(-time.Hour),
		NotAfter:    now.Add(validity),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:    []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"},
		IPAddresses: []net.IP{net.ParseIP(loopback)},
	}
}

// issue makes a key and a certificate for it, signed by the given parent, or
// by itself when there is none.
func issue(template, parent *x509.Certificate, parentKey *ecdsa.PrivateKey) (*ecdsa.PrivateKey, *x509.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	if parent == nil {
		parent, parentKey = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), parentKey)
	if err != nil {
		return nil, nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return key, certificate, err
}

func writeCertificate(path string, certificate *x509.Certificate) error {
	return write(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw}))
}

func writeKey(path string, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	return write(path, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))
}
