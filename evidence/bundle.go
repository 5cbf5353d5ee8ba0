package evidence

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	strict "sigs.k8s.io/json"
)

// BundleType is the media type of an Envelope: a Sigstore bundle, so that
// cosign and every other Sigstore client can verify what Assay wrote.
// https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto
const BundleType = "application/vnd.dev.sigstore.bundle.v0.3+json"

// PayloadType is what every Envelope signs: an in-toto statement.
const PayloadType = "application/vnd.in-toto+json"

const maxEnvelope = 2 * maxStatement // base64, the signature and proofs of others

// bundle is a DSSE envelope, and what helps to verify it.
type bundle struct {
	MediaType string   `json:"mediaType"`
	Material  material `json:"verificationMaterial"`
	Signed    signed   `json:"dsseEnvelope"`
}

// material names the public key, or holds a certificate over it. Proofs of a
// transparency log and of a time stamping authority may stand beside it; trust
// in a key needs neither, so only a CertificateVerifier reads them.
type material struct {
	PublicKey   *hint           `json:"publicKey,omitempty"`
	Certificate *raw            `json:"certificate,omitempty"`
	TlogProofs  json.RawMessage `json:"tlogEntries,omitempty"`
	Timestamps  json.RawMessage `json:"timestampVerificationData,omitempty"`
}

type hint struct {
	Hint string `json:"hint"`
}

type raw struct {
	Bytes string `json:"rawBytes"`
}

// signed is a DSSE envelope with the one signature that a bundle allows.
// https://github.com/secure-systems-lab/dsse/blob/master/envelope.md
type signed struct {
	Payload     string      `json:"payload"`
	PayloadType string      `json:"payloadType"`
	Signatures  []signature `json:"signatures"`
}

type signature struct {
	Sig   string `json:"sig"`
	KeyID string `json:"keyid,omitempty"`
}

// unsealed is a bundle taken apart. Nothing in it is verified yet. Without a
// hint, it is signed by the holder of a certificate.
type unsealed struct {
	hint      string
	payload   []byte
	signature []byte
	certified bool
}

// seal writes a bundle that names a key. There is one text for what is sealed.
func (u unsealed) seal() (Envelope, error) {
	return json.Marshal(bundle{
		MediaType: BundleType,
		Material:  material{PublicKey: &hint{u.hint}},
		Signed: signed{
			Payload: base64.StdEncoding.EncodeToString(u.payload), PayloadType: PayloadType,
			Signatures: []signature{{Sig: base64.StdEncoding.EncodeToString(u.signature)}},
		},
	})
}

// unseal takes a bundle apart. Every field must be one that is known here, and
// all that is not a proof must be what it has to be: no byte of what seal
// writes can be another.
func (e Envelope) unseal() (unsealed, error) {
	if len(e) > maxEnvelope {
		return unsealed{}, fmt.Errorf("the envelope is larger than %d bytes", maxEnvelope)
	}
	var form bundle
	if err := decode(e, &form); err != nil {
		return unsealed{}, fmt.Errorf("reading an envelope: %w", err)
	}
	switch {
	case form.MediaType != BundleType:
		return unsealed{}, fmt.Errorf("the envelope is a %.80q and not a %s", form.MediaType, BundleType)
	case (form.Material.PublicKey == nil) == (form.Material.Certificate == nil):
		return unsealed{}, errors.New("the envelope does not say which one key signed it")
	case form.Signed.PayloadType != PayloadType || len(form.Signed.Signatures) != 1:
		return unsealed{}, errors.New("the envelope does not hold an in-toto statement under one signature")
	}
	only := form.Signed.Signatures[0]
	opened := unsealed{certified: form.Material.Certificate != nil}
	if !opened.certified {
		opened.hint = form.Material.PublicKey.Hint
	}
	if only.KeyID != "" && only.KeyID != opened.hint {
		return unsealed{}, errors.New("the envelope names two keys")
	}
	var err error
	if opened.payload, err = canonicalBase64(form.Signed.Payload); err != nil {
		return unsealed{}, err
	}
	opened.signature, err = canonicalBase64(only.Sig)
	return opened, err
}

func canonicalBase64(text string) ([]byte, error) {
	content, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || base64.StdEncoding.EncodeToString(content) != text { // it skips line breaks
		return nil, errors.New("the envelope holds loose base64")
	}
	return content, nil
}

// preimage is what is signed: DSSE's pre-authentication encoding binds the
// payload to its type.
func (u unsealed) preimage() []byte {
	var text bytes.Buffer
	fmt.Fprintf(&text, "DSSEv1 %d %s %d ", len(PayloadType), PayloadType, len(u.payload))
	text.Write(u.payload)
	return text.Bytes()
}

// decode reads JSON of which there is one reading only: a key that stands
// twice, in another case, or that nobody knows is an error, as is text that
// is not UTF-8. What one program ignores, another might believe.
func decode(data []byte, into any) error {
	if !utf8.Valid(data) {
		return errors.New("it is not UTF-8")
	}
	problems, err := strict.UnmarshalStrict(data, into)
	if err != nil {
		return err
	}
	return errors.Join(problems...)
}

// hintOf is how a bundle names a public key: as cosign does, the SHA-256 of
// its SubjectPublicKeyInfo, in base64.
func hintOf(der []byte) string {
	sum := sha256.Sum256(der)
	return base64.StdEncoding.EncodeToString(sum[:])
}
