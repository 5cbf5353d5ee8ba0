package sigstore

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"

	ct "github.com/google/certificate-transparency-go"
	"github.com/google/certificate-transparency-go/tls"
	ctx509 "github.com/google/certificate-transparency-go/x509"
)

// RFC 6962, sections 3.1 and 3.3.
var (
	poison  = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 3}
	sctList = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 2}
)

// promised issues a certificate that holds the log's promise to enter it. The
// log promises for a poisoned twin, which nobody can use.
func (d *Deployment) promised(template *x509.Certificate, public *ecdsa.PublicKey) (*x509.Certificate, error) {
	twin := *template
	twin.ExtraExtensions = append(twin.ExtraExtensions[:len(twin.ExtraExtensions):len(twin.ExtraExtensions)],
		pkix.Extension{Id: poison, Critical: true, Value: asn1.NullBytes})
	precertificate, err := d.fulcio.issue(&twin, public)
	if err != nil {
		return nil, err
	}
	promise, err := d.promise(precertificate)
	if err != nil {
		return nil, err
	}
	template.ExtraExtensions = append(template.ExtraExtensions, promise)
	return d.fulcio.issue(template, public)
}

func (d *Deployment) promise(precertificate *x509.Certificate) (pkix.Extension, error) {
	var none pkix.Extension
	body, err := ctx509.RemoveCTPoison(precertificate.RawTBSCertificate)
	if err != nil {
		return none, err
	}
	public, err := x509.MarshalPKIXPublicKey(d.ctlog.Public())
	if err != nil {
		return none, err
	}
	sct := ct.SignedCertificateTimestamp{
		SCTVersion: ct.V1, LogID: ct.LogID{KeyID: sha256.Sum256(public)}, Timestamp: uint64(d.Issued().UnixMilli()),
	}
	input, err := ct.SerializeSCTSignatureInput(sct, ct.LogEntry{Leaf: ct.MerkleTreeLeaf{
		Version: ct.V1, LeafType: ct.TimestampedEntryLeafType,
		TimestampedEntry: &ct.TimestampedEntry{
			Timestamp: sct.Timestamp, EntryType: ct.PrecertLogEntryType,
			PrecertEntry: &ct.PreCert{IssuerKeyHash: sha256.Sum256(d.fulcio.intermediate.RawSubjectPublicKeyInfo), TBSCertificate: body},
		},
	}})
	if err != nil {
		return none, err
	}
	digest := sha256.Sum256(input)
	signature, err := d.ctlog.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		return none, err
	}
	sct.Signature = ct.DigitallySigned{
		Algorithm: tls.SignatureAndHashAlgorithm{Hash: tls.SHA256, Signature: tls.ECDSA}, Signature: signature,
	}
	return listOf(sct)
}

func listOf(sct ct.SignedCertificateTimestamp) (pkix.Extension, error) {
	one, err := tls.Marshal(sct)
	if err != nil {
		return pkix.Extension{}, err
	}
	list, err := tls.Marshal(ctx509.SignedCertificateTimestampList{SCTList: []ctx509.SerializedSCT{{Val: one}}})
	if err != nil {
		return pkix.Extension{}, err
	}
	value, err := asn1.Marshal(list)
	return pkix.Extension{Id: sctList, Value: value}, err
}
