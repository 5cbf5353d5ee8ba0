package signer

import (
	"context"
	"crypto"
	"fmt"
	"os"
	"strings"

	"github.com/sigstore/sigstore/pkg/signature/kms"
	_ "github.com/sigstore/sigstore/pkg/signature/kms/aws"        // awskms://
	_ "github.com/sigstore/sigstore/pkg/signature/kms/azure"      // azurekms://
	_ "github.com/sigstore/sigstore/pkg/signature/kms/gcp"        // gcpkms://
	_ "github.com/sigstore/sigstore/pkg/signature/kms/hashivault" // hashivault://

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/keyless"
)

// References are what Open finds, for the help of commands.
const References = "a private key in PEM, or awskms://, azurekms://, gcpkms://, hashivault://, or keyless:?fulcio=URL&rekor=URL&root=trusted_root.json"

// Open finds what signs: a URI of a key service, a certificate authority, or
// else the path of a file. A key service is asked for its public key at once, so
// that a wrong name or a missing permission is an error here and not after an
// hour of measuring.
func Open(ctx context.Context, reference string) (evidence.Signer, error) {
	switch {
	case strings.HasPrefix(reference, keyless.Scheme):
		return keyless.OpenSigner(reference)
	case strings.Contains(reference, "://"):
		return openService(ctx, reference)
	}
	private, err := os.ReadFile(reference)
	if err != nil {
		return nil, fmt.Errorf("reading the signing key: %w", err)
	}
	return evidence.NewSigner(private)
}

func openService(ctx context.Context, reference string) (evidence.Signer, error) {
	opened, err := open(ctx, reference)
	if err != nil {
		return nil, fmt.Errorf("signing key %s: %w", reference, err)
	}
	return opened, nil
}

func open(ctx context.Context, reference string) (evidence.KeySigner, error) {
	service, err := kms.Get(ctx, reference, crypto.SHA256)
	if err != nil {
		return evidence.KeySigner{}, err
	}
	public, err := service.PublicKey()
	if err != nil {
		return evidence.KeySigner{}, err
	}
	remote, _, err := service.CryptoSigner(ctx, func(error) {}) // the error comes back from Sign as well
	if err != nil {
		return evidence.KeySigner{}, err
	}
	return evidence.SignerOf(pinned{remote, public})
}

// pinned is a remote key together with the public key that it had when it was
// opened. A service may begin to sign with a new version of the key at any
// time; SignerOf refuses signatures that this public key does not verify.
type pinned struct {
	crypto.Signer
	public crypto.PublicKey
}

func (p pinned) Public() crypto.PublicKey { return p.public }
