package auditlog

import (
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"
)

// keyHelp follows every complaint about a key.
const keyHelp = "\nhint: assay keys generate makes an Ed25519 pair"

// origin names the log of a key. One key signs one log: a second would look
// like another history of the first.
func origin(public ed25519.PublicKey) string {
	sum := sha256.Sum256(public)
	return "assay.dev/log/" + hex.EncodeToString(sum[:8])
}

// verifierOf checks signatures of a checkpoint (https://c2sp.org/signed-note).
func verifierOf(key crypto.PublicKey) (note.Verifier, error) {
	public, ok := key.(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("the audit log is signed with Ed25519 and not with a %T%s", key, keyHelp)
	}
	text, err := note.NewEd25519VerifierKey(origin(public), public)
	if err != nil {
		return nil, err
	}
	return note.NewVerifier(text)
}

// algorithm is Ed25519 among the keys of signed notes.
const algorithm = 1

// CheckKey says whether a private key can sign an audit log.
func CheckKey(privatePEM []byte) error {
	_, _, err := signerOf(privatePEM)
	return err
}

// signerOf reads an Ed25519 private key, PKCS #8 in PEM.
func signerOf(privatePEM []byte) (note.Signer, note.Verifier, error) {
	block, _ := pem.Decode(privatePEM)
	if block == nil {
		return nil, nil, errors.New("the audit log's private key is not PEM" + keyHelp)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the audit log's private key: %w", err)
	}
	private, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, nil, fmt.Errorf("the audit log signs with Ed25519 and not with a %T%s", key, keyHelp)
	}
	verifier, err := verifierOf(private.Public())
	if err != nil {
		return nil, nil, err
	}
	seed := base64.StdEncoding.EncodeToString(append([]byte{algorithm}, private.Seed()...))
	signer, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", verifier.Name(), verifier.KeyHash(), seed))
	return signer, verifier, err
}
