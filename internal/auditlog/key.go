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
	"regexp"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// keyHelp follows every complaint about a key.
const keyHelp = "\nhint: assay keys generate makes an Ed25519 pair"

// origin names the log of a key. One key and name sign one log: a second would
// look like another history of the first.
func origin(public ed25519.PublicKey, name string) string {
	sum := sha256.Sum256(public)
	own := "assay.dev/log/" + hex.EncodeToString(sum[:8])
	if name == "" {
		return own
	}
	return own + "/" + name
}

// names are those of pods and clusters, which stand in a line of a checkpoint.
var names = regexp.MustCompile(`^[a-z0-9]([a-z0-9./-]{0,198}[a-z0-9])?$`)

// verifierOf checks signatures of a checkpoint (https://c2sp.org/signed-note).
func verifierOf(key crypto.PublicKey, name string) (note.Verifier, error) {
	public, ok := key.(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("the audit log is signed with Ed25519 and not with a %T%s", key, keyHelp)
	}
	if name != "" && !names.MatchString(name) {
		return nil, fmt.Errorf("%.80q is no name for a log: lower case letters, digits, dots, dashes and slashes", name)
	}
	text, err := note.NewEd25519VerifierKey(origin(public, name), public)
	if err != nil {
		return nil, err
	}
	return note.NewVerifier(text)
}

// verifierFor takes the name from the checkpoint itself: which of the logs of
// a key it is of is told by whoever signed it.
func verifierFor(key crypto.PublicKey, checkpoint []byte) (note.Verifier, error) {
	plain, err := verifierOf(key, "")
	if err != nil {
		return nil, err
	}
	first, _, _ := strings.Cut(string(checkpoint[:min(len(checkpoint), maxCheckpoint)]), "\n")
	name, named := strings.CutPrefix(first, plain.Name()+"/")
	if !named || !names.MatchString(name) {
		return plain, nil
	}
	return verifierOf(key, name)
}

// algorithm is Ed25519 among the keys of signed notes.
const algorithm = 1

// CheckKey says whether a private key can sign an audit log.
func CheckKey(privatePEM []byte) error { return CheckNamed(privatePEM, "") }

// CheckNamed says whether it can sign one of that name.
func CheckNamed(privatePEM []byte, name string) error {
	_, _, err := signerOf(privatePEM, name)
	return err
}

// signerOf reads an Ed25519 private key, PKCS #8 in PEM.
func signerOf(privatePEM []byte, name string) (note.Signer, note.Verifier, error) {
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
	verifier, err := verifierOf(private.Public(), name)
	if err != nil {
		return nil, nil, err
	}
	seed := base64.StdEncoding.EncodeToString(append([]byte{algorithm}, private.Seed()...))
	signer, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", verifier.Name(), verifier.KeyHash(), seed))
	return signer, verifier, err
}
