package signature

import (
	"bytes"
	"crypto/rsa"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"
)

// namespace is what ssh-keygen is told that it signs for git.
const namespace = "git"

// leastBits of an RSA key (NIST SP 800-131A).
const leastBits = 2048

type sshKey struct{ ssh.PublicKey }

// readSSH reads a line as in authorized_keys.
func readSSH(line string) (sshKey, string, error) {
	public, _, options, rest, err := ssh.ParseAuthorizedKey([]byte(line))
	switch {
	case err != nil:
		return sshKey{}, "", fmt.Errorf("ssh: not a public key in one line: %w", err)
	case len(options) > 0 || len(bytes.TrimSpace(rest)) > 0:
		return sshKey{}, "", errors.New("ssh: one key, without options")
	}
	return sshKey{public}, ssh.FingerprintSHA256(public), strong(public)
}

// strong refuses keys that a signature cannot rest on.
func strong(public ssh.PublicKey) error {
	switch public.Type() {
	case ssh.KeyAlgoED25519, ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521:
		return nil
	case ssh.KeyAlgoRSA:
		held, ok := public.(ssh.CryptoPublicKey)
		if !ok {
			break
		}
		if key, ok := held.CryptoPublicKey().(*rsa.PublicKey); ok && key.N.BitLen() >= leastBits {
			return nil
		}
		return fmt.Errorf("ssh: an RSA key has %d bits at least", leastBits)
	}
	return fmt.Errorf("ssh: a key of type %s cannot sign approvals: use ed25519, ecdsa or rsa", public.Type())
}

// bySSH finds the key by which the signature holds.
func (p People) bySSH(payload, signature []byte, now time.Time) (key, error) {
	read, err := unarmour(signature)
	if err != nil {
		return key{}, fmt.Errorf("reading its SSH signature: %w", err)
	}
	found := key{}
	for _, one := range p.keys {
		if one.ssh.PublicKey == nil || !bytes.Equal(one.ssh.Marshal(), read.PublicKey.Marshal()) {
			continue
		}
		if found.Key == "" || found.worth(now) != nil { // listed twice, the older one ended
			found = one
		}
	}
	if found.Key == "" {
		return key{}, ErrNobody
	}
	return found, holds(payload, read, found.ssh)
}

func holds(payload []byte, signature *sshsig.Signature, public ssh.PublicKey) error {
	if err := sshsig.Verify(bytes.NewReader(payload), signature, public, signature.HashAlgorithm, namespace); err != nil {
		return fmt.Errorf("its SSH signature does not hold: %w", err)
	}
	return nil
}

// VerifySSH says whether git would accept the signature as made with the key.
func VerifySSH(public ssh.PublicKey, payload, signature []byte) error {
	read, err := unarmour(signature)
	if err != nil {
		return fmt.Errorf("reading its SSH signature: %w", err)
	}
	return holds(payload, read, public)
}

// unarmour reads an armoured signature in its only spelling: the last letter of
// base64 has bits that nobody signed, and headers are no part of the format.
func unarmour(signature []byte) (*sshsig.Signature, error) {
	block, _ := pem.Decode(signature)
	if block == nil {
		return nil, errors.New("it is not armoured")
	}
	letters := strings.Map(func(letter rune) rune {
		if letter == '\n' || letter == '\r' {
			return -1
		}
		return letter
	}, string(bytes.TrimSpace(signature)))
	if letters != "-----BEGIN "+block.Type+"-----"+base64.StdEncoding.EncodeToString(block.Bytes)+"-----END "+block.Type+"-----" {
		return nil, errors.New("its armour is not written in the one way that base64 has for it")
	}
	return sshsig.Unarmor(signature)
}

// ReadSSHSigner reads a private key as ssh-keygen writes it.
func ReadSSHSigner(private []byte) (ssh.Signer, error) {
	signer, err := ssh.ParsePrivateKey(private)
	var locked *ssh.PassphraseMissingError
	switch {
	case errors.As(err, &locked):
		return nil, errors.New("the private key is locked with a passphrase\nhint: sign with git itself, which asks your agent: see assay approve --help")
	case err != nil:
		return nil, fmt.Errorf("reading a private SSH key: %w", err)
	}
	return signer, strong(signer.PublicKey())
}

// SignSSH signs as `ssh-keygen -Y sign -n git` does.
func SignSSH(signer ssh.Signer, payload []byte) ([]byte, error) {
	if err := strong(signer.PublicKey()); err != nil {
		return nil, err
	}
	signed, err := sshsig.Sign(bytes.NewReader(payload), signer, sshsig.HashSHA512, namespace)
	if err != nil {
		return nil, err
	}
	return sshsig.Armor(signed), nil
}
