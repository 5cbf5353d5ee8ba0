package sigstore

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"time"
)

// Authorities live longer than any test.
var (
	dawn = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	dusk = time.Date(2045, 1, 1, 0, 0, 0, 0, time.UTC)
)

// authority is a root and the intermediate that issues.
type authority struct {
	root, intermediate *x509.Certificate
	key                *ecdsa.PrivateKey // of the intermediate
}

func newAuthority(name string) (authority, error) {
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return authority{}, err
	}
	made := authority{}
	if made.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return authority{}, err
	}
	top := issuing(name + " root")
	if made.root, err = create(top, top, rootKey.Public(), rootKey); err != nil {
		return authority{}, err
	}
	made.intermediate, err = create(issuing(name+" intermediate"), made.root, made.key.Public(), rootKey)
	return made, err
}

func issuing(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: name, Organization: []string{"assay.test"}},
		NotBefore: dawn, NotAfter: dusk, KeyUsage: x509.KeyUsageCertSign, BasicConstraintsValid: true, IsCA: true,
	}
}

// issue makes a certificate of the authority's intermediate.
func (a authority) issue(template *x509.Certificate, public crypto.PublicKey) (*x509.Certificate, error) {
	return create(template, a.intermediate, public, a.key)
}

func create(template, parent *x509.Certificate, public crypto.PublicKey, key crypto.Signer) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

func serial() *big.Int {
	number, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	return number.Add(number, big.NewInt(1))
}
