package sigstore

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Life is how long a certificate lives, as Fulcio's do.
const Life = 10 * time.Minute

// https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
var (
	issuerV1 = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 57264, 1, 1}
	issuerV2 = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 57264, 1, 8}
)

// certificateRequest is the part of Fulcio's that clients of version 2 send.
type certificateRequest struct {
	PublicKeyRequest struct {
		PublicKey struct {
			Content string `json:"content"`
		} `json:"publicKey"`
		ProofOfPossession []byte `json:"proofOfPossession"`
	} `json:"publicKeyRequest"`
}

// signingCertificate answers POST /api/v2/signingCert.
func (d *Deployment) signingCertificate(r *http.Request) (any, error) {
	bearer, err := d.bearer(r.Header.Get("Authorization"))
	if err != nil {
		return nil, err
	}
	var asked certificateRequest
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		return nil, err
	}
	public, err := provenKey(asked, bearer.name())
	if err != nil {
		return nil, err
	}
	leaf, err := d.certify(public, bearer)
	if err != nil {
		return nil, err
	}
	var chain []string
	for _, certificate := range []*x509.Certificate{leaf, d.fulcio.intermediate, d.fulcio.root} {
		chain = append(chain, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw})))
	}
	return map[string]any{"signedCertificateEmbeddedSct": map[string]any{"chain": map[string]any{"certificates": chain}}}, nil
}

// provenKey is the key of a request, whose bearer has signed their own name
// with it.
func provenKey(asked certificateRequest, name string) (*ecdsa.PublicKey, error) {
	block, _ := pem.Decode([]byte(asked.PublicKeyRequest.PublicKey.Content))
	if block == nil {
		return nil, errors.New("the public key is not PEM")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	public, ok := key.(*ecdsa.PublicKey)
	digest := sha256.Sum256([]byte(name))
	if !ok || !ecdsa.VerifyASN1(public, digest[:], asked.PublicKeyRequest.ProofOfPossession) {
		return nil, errors.New("nothing proves that the bearer has the key")
	}
	return public, nil
}

// certify issues what Fulcio would, entered in the log of certificates.
func (d *Deployment) certify(public *ecdsa.PublicKey, bearer claims) (*x509.Certificate, error) {
	issuer, err := asn1.MarshalWithParams(bearer.Issuer, "utf8")
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial(), NotBefore: d.Issued(), NotAfter: d.Issued().Add(Life),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning},
		ExtraExtensions: []pkix.Extension{{Id: issuerV1, Value: []byte(bearer.Issuer)}, {Id: issuerV2, Value: issuer}},
	}
	if name := bearer.name(); strings.Contains(name, "@") {
		template.EmailAddresses = []string{name}
	} else {
		workload, err := url.Parse(name)
		if err != nil {
			return nil, err
		}
		template.URIs = []*url.URL{workload}
	}
	return d.promised(template, public)
}
