package signature

import (
	"bytes"
	"errors"
	"fmt"
	"time"
)

// Bounds on what is read: anybody can push a tag.
const (
	maxPayload   = 1 << 20 // bytes
	maxSignature = 64 << 10
)

// Verify says whose signature it is, at an instant. An error means nobody's;
// with ErrWithdrawn the signer is whose it was.
func (p People) Verify(payload, signature []byte, now time.Time) (Signer, error) {
	if len(signature) == 0 {
		return Signer{}, errors.New("it is not signed")
	}
	if len(payload) > maxPayload || len(signature) > maxSignature {
		return Signer{}, fmt.Errorf("it is larger than %d bytes, or its signature than %d", maxPayload, maxSignature)
	}
	verify := p.byGPG
	switch {
	case bytes.HasPrefix(signature, []byte("-----BEGIN SSH SIGNATURE-----")):
		verify = p.bySSH
	case bytes.HasPrefix(signature, []byte("-----BEGIN SIGNED MESSAGE-----")):
		verify = p.byCertificate
	case !bytes.HasPrefix(signature, []byte("-----BEGIN PGP SIGNATURE-----")):
		return Signer{}, errors.New("its signature is of no kind that is read")
	}
	signed, err := verify(payload, signature, now)
	if err != nil {
		return Signer{}, err
	}
	if len(p.owners[signed.Key]) > 1 {
		return Signer{}, ErrShared
	}
	err = signed.worth(now)
	if err != nil && !errors.Is(err, ErrWithdrawn) {
		return Signer{}, err
	}
	return signed.Signer, err
}
