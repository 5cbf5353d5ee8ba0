package evidence

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

// GenerateKey makes an Ed25519 key pair, PEM-encoded (PKCS #8 and
// SubjectPublicKeyInfo).
func GenerateKey() (private, public []byte, err error) {
	publicKey, privateKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	privateDER, err := x509.MarshalPKCS8PrivateKey(privateKey)
	if err != nil {
		return nil, nil, err
	}
	publicDER, err := x509.MarshalPKIXPublicKey(publicKey)
	if err != nil {
		return nil, nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: privateDER}),
		pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: publicDER}), nil
}

// NewSigner reads a PKCS #8 private key in PEM: Ed25519, or ECDSA on P-256.
func NewSigner(privatePEM []byte) (KeySigner, error) {
	block, _ := pem.Decode(privatePEM)
	if block == nil {
		return KeySigner{}, errors.New("the private key is not PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return KeySigner{}, fmt.Errorf("reading a private key: %w", err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return KeySigner{}, fmt.Errorf("a %T cannot sign evidence: %s", key, usableKeys)
	}
	return SignerOf(signer)
}

// SignerOf signs with a key that is kept elsewhere, such as in a key service.
func SignerOf(signer crypto.Signer) (KeySigner, error) {
	hint, err := keyHint(signer.Public())
	return KeySigner{signer, hint}, err
}

// ParsePublicKey reads a SubjectPublicKeyInfo public key in PEM: Ed25519, or
// ECDSA on P-256.
func ParsePublicKey(publicPEM []byte) (crypto.PublicKey, error) {
	block, _ := pem.Decode(publicPEM)
	if block == nil {
		return nil, errors.New("the public key is not PEM")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("reading a public key: %w", err)
	}
	_, err = keyHint(key)
	return key, err
}

const usableKeys = "use Ed25519, or ECDSA on P-256"

// keyHint names a key that can be used: one algorithm for each kind of key, so
// that no client has to guess the hash.
func keyHint(key crypto.PublicKey) (string, error) {
	switch key := key.(type) {
	case ed25519.PublicKey:
	case *ecdsa.PublicKey:
		if key.Curve != elliptic.P256() {
			return "", fmt.Errorf("a key on %s cannot be used: %s", key.Params().Name, usableKeys)
		}
	default:
		return "", fmt.Errorf("a %T cannot be used: %s", key, usableKeys)
	}
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return "", err
	}
	return hintOf(der), nil
}

// signWith gives a local key no randomness: Ed25519 needs none, and ECDSA then
// derives it from the message (RFC 6979).
func signWith(signer crypto.Signer, message []byte) ([]byte, error) {
	if _, ok := signer.Public().(ed25519.PublicKey); ok {
		return signer.Sign(nil, message, crypto.Hash(0))
	}
	digest := sha256.Sum256(message)
	return signer.Sign(nil, digest[:], crypto.SHA256)
}

func verifies(key crypto.PublicKey, message, signature []byte) bool {
	switch key := key.(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(key, message, signature)
	case *ecdsa.PublicKey:
		digest := sha256.Sum256(message)
		return ecdsa.VerifyASN1(key, digest[:], signature)
	}
	return false
}
