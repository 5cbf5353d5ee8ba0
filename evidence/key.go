package evidence

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
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

// NewSigner reads a PKCS #8 private key in PEM: Ed25519 or ECDSA.
func NewSigner(privatePEM []byte) (KeySigner, error) {
	block, _ := pem.Decode(privatePEM)
	if block == nil {
		return KeySigner{}, errors.New("the private key is not PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return KeySigner{}, fmt.Errorf("reading a private key: %w", err)
	}
	switch key := key.(type) {
	case ed25519.PrivateKey:
		return KeySigner{privateKey{publicKey{key.Public()}, key}}, nil
	case *ecdsa.PrivateKey:
		return KeySigner{privateKey{publicKey{key.Public()}, key}}, nil
	}
	return KeySigner{}, fmt.Errorf("a %T cannot sign evidence: use Ed25519 or ECDSA", key)
}

// ParsePublicKey reads a SubjectPublicKeyInfo public key in PEM: Ed25519 or
// ECDSA.
func ParsePublicKey(publicPEM []byte) (crypto.PublicKey, error) {
	block, _ := pem.Decode(publicPEM)
	if block == nil {
		return nil, errors.New("the public key is not PEM")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("reading a public key: %w", err)
	}
	switch key.(type) {
	case ed25519.PublicKey, *ecdsa.PublicKey:
		return key, nil
	}
	return nil, fmt.Errorf("a %T cannot verify evidence: use Ed25519 or ECDSA", key)
}

// privateKey and publicKey are keys as the DSSE library wants them.
type privateKey struct {
	publicKey
	signer crypto.Signer
}

func (k privateKey) Sign(_ context.Context, data []byte) ([]byte, error) {
	if _, ok := k.signer.(ed25519.PrivateKey); ok {
		return k.signer.Sign(rand.Reader, data, crypto.Hash(0))
	}
	digest := sha256.Sum256(data)
	return k.signer.Sign(rand.Reader, digest[:], crypto.SHA256)
}

type publicKey struct{ key crypto.PublicKey }

func (k publicKey) Verify(_ context.Context, data, signature []byte) error {
	valid := false
	switch key := k.key.(type) {
	case ed25519.PublicKey:
		valid = ed25519.Verify(key, data, signature)
	case *ecdsa.PublicKey:
		digest := sha256.Sum256(data)
		valid = ecdsa.VerifyASN1(key, digest[:], signature)
	}
	if !valid {
		return ErrUntrusted
	}
	return nil
}

// KeyID is the SHA-256 of the public key, in hexadecimal.
func (k publicKey) KeyID() (string, error) {
	der, err := x509.MarshalPKIXPublicKey(k.key)
	if err != nil {
		return "", err
	}
	return Sum(der).Hex(), nil
}

func (k publicKey) Public() crypto.PublicKey { return k.key }
