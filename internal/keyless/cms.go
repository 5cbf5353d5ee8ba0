package keyless

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
)

// maxCMS is far above a signature with a certificate, its chain and a proof.
const maxCMS = 64 << 10 // bytes

// RFC 5652, sections 3, 5 and 11; the last is gitsign's, of an entry of Rekor.
var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidLogEntry      = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 57264, 3, 1}
)

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"explicit,tag:0"`
}

type signedData struct {
	Version      int
	Digests      []pkix.AlgorithmIdentifier `asn1:"set"`
	Content      encapsulated
	Certificates asn1.RawValue `asn1:"optional,tag:0"`
	Signers      []signerInfo  `asn1:"set"`
}

// encapsulated holds no content: what is signed is a commit or a tag, and git
// keeps that.
type encapsulated struct {
	Type asn1.ObjectIdentifier
}

type signerInfo struct {
	Version   int
	Holder    holder
	Digest    pkix.AlgorithmIdentifier
	Signed    asn1.RawValue `asn1:"optional,tag:0"`
	Algorithm pkix.AlgorithmIdentifier
	Signature []byte
	Unsigned  asn1.RawValue `asn1:"optional,tag:1"`
}

// holder names a certificate.
type holder struct {
	Issuer asn1.RawValue
	Serial *big.Int
}

type attribute struct {
	Type   asn1.ObjectIdentifier
	Values asn1.RawValue
}

// detached is a CMS signature taken apart. Nothing in it is verified, but that
// its message speaks of the content.
type detached struct {
	leaf      *x509.Certificate
	message   []byte // what the key has signed: attributes, one of them the content's digest
	signature []byte
	entry     []byte // of a transparency log; nobody has signed that it belongs here
}

func readDetached(content, armoured []byte) (detached, error) {
	block, rest := pem.Decode(armoured)
	if len(armoured) > maxCMS || block == nil || block.Type != "SIGNED MESSAGE" || len(bytes.TrimSpace(rest)) > 0 {
		return detached{}, fmt.Errorf("it is not one signed message in PEM of at most %d bytes", maxCMS)
	}
	var outer contentInfo
	var signed signedData
	if err := unmarshal(block.Bytes, &outer); err != nil {
		return detached{}, err
	}
	if !outer.Type.Equal(oidSignedData) {
		return detached{}, errors.New("it holds no signature")
	}
	if err := unmarshal(outer.Content.Bytes, &signed); err != nil {
		return detached{}, err
	}
	if len(signed.Signers) != 1 || !signed.Content.Type.Equal(oidData) || !signed.Signers[0].Digest.Algorithm.Equal(oidSHA256) {
		return detached{}, errors.New("it is not one signature, by SHA-256, of data that stands elsewhere")
	}
	only := signed.Signers[0]
	digest := sha256.Sum256(content)
	said, err := attributeOf(only.Signed, oidMessageDigest)
	if err != nil || !bytes.Equal(said, digest[:]) {
		return detached{}, errors.New("it signs another content")
	}
	entry, err := attributeOf(only.Unsigned, oidLogEntry)
	if err != nil {
		return detached{}, fmt.Errorf("it holds no entry of a transparency log: %w\nhint: git config gitsign.rekorMode offline", err)
	}
	leaf, err := only.Holder.among(signed.Certificates.Bytes)
	if err != nil {
		return detached{}, err
	}
	message := bytes.Clone(only.Signed.FullBytes)
	message[0] = asn1.TagSet | 0x20 // RFC 5652, section 5.4: signed as a set, kept under a tag
	return detached{leaf, message, only.Signature, entry}, nil
}

// attributeOf is the only value of the only attribute of that type.
func attributeOf(set asn1.RawValue, wanted asn1.ObjectIdentifier) ([]byte, error) {
	var found []byte
	for rest := set.Bytes; len(rest) > 0; {
		var one attribute
		var err error
		if rest, err = asn1.Unmarshal(rest, &one); err != nil {
			return nil, err
		}
		if !one.Type.Equal(wanted) {
			continue
		}
		if found != nil {
			return nil, errors.New("an attribute stands twice")
		}
		if err := unmarshal(one.Values.Bytes, &found); err != nil {
			return nil, err
		}
	}
	if found == nil {
		return nil, errors.New("an attribute is missing")
	}
	return found, nil
}

// among finds the certificate that is named.
func (h holder) among(der []byte) (*x509.Certificate, error) {
	certificates, err := x509.ParseCertificates(der)
	if err != nil {
		return nil, fmt.Errorf("reading its certificates: %w", err)
	}
	for _, certificate := range certificates {
		if bytes.Equal(certificate.RawIssuer, h.Issuer.FullBytes) && certificate.SerialNumber.Cmp(h.Serial) == 0 {
			return certificate, nil
		}
	}
	return nil, errors.New("it does not hold the certificate of its signer")
}

func unmarshal(der []byte, into any) error {
	rest, err := asn1.Unmarshal(der, into)
	if err == nil && len(rest) > 0 {
		err = errors.New("something stands behind it")
	}
	return err
}
