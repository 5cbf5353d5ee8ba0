package sigstore

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"io"
	"net/http"

	"github.com/digitorus/timestamp"
)

// stamper signs times.
type stamper struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newStamper(parent authority) (stamper, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return stamper{}, err
	}
	// RFC 3161, section 2.3: this use alone, and critical.
	use, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
	if err != nil {
		return stamper{}, err
	}
	certificate, err := parent.issue(&x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "timestamps"}, NotBefore: dawn, NotAfter: dusk, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: use}},
	}, key.Public())
	return stamper{certificate, key}, err
}

// stamp answers POST /api/v1/timestamp.
func (d *Deployment) stamp(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		refuse(w, err)
		return
	}
	asked, err := timestamp.ParseRequest(content)
	if err != nil {
		refuse(w, err)
		return
	}
	stamped := timestamp.Timestamp{
		HashAlgorithm: asked.HashAlgorithm, HashedMessage: asked.HashedMessage, Nonce: asked.Nonce, Time: d.Logged(),
		AddTSACertificate: asked.Certificates, Policy: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 57264, 2},
	}
	answer, err := stamped.CreateResponseWithOpts(d.stamper.certificate, d.stamper.key, crypto.SHA256)
	if err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	w.WriteHeader(http.StatusCreated)
	w.Write(answer)
}
