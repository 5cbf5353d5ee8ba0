package signature

import (
	"bytes"
	"crypto"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	openpgperrors "github.com/ProtonMail/go-crypto/openpgp/errors"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// maxKey bounds an armoured key, in bytes.
const maxKey = 256 << 10

type gpgKey struct{ *openpgp.Entity }

// readGPG reads one armoured public key.
func readGPG(text string) (gpgKey, string, error) {
	if len(text) > maxKey {
		return gpgKey{}, "", fmt.Errorf("gpg: larger than %d bytes", maxKey)
	}
	ring, err := openpgp.ReadArmoredKeyRing(strings.NewReader(text))
	switch {
	case err != nil:
		return gpgKey{}, "", fmt.Errorf("gpg: not an armoured public key: %w", err)
	case len(ring) != 1:
		return gpgKey{}, "", fmt.Errorf("gpg: %d keys: list each by itself", len(ring))
	case ring[0].PrivateKey != nil:
		return gpgKey{}, "", errors.New("gpg: this is a private key: withdraw it, and list the public one of another")
	}
	for _, sub := range append([]openpgp.Subkey{{PublicKey: ring[0].PrimaryKey}}, ring[0].Subkeys...) {
		if err := strongGPG(sub.PublicKey); err != nil {
			return gpgKey{}, "", err
		}
	}
	return gpgKey{ring[0]}, "gpg:" + hex.EncodeToString(ring[0].PrimaryKey.Fingerprint), nil
}

// strongGPG refuses keys that a signature cannot rest on.
func strongGPG(public *packet.PublicKey) error {
	switch public.PubKeyAlgo {
	case packet.PubKeyAlgoRSA, packet.PubKeyAlgoRSASignOnly:
		if bits, err := public.BitLength(); err != nil || bits < leastBits {
			return fmt.Errorf("gpg: an RSA key has %d bits at least", leastBits)
		}
	case packet.PubKeyAlgoDSA:
		return errors.New("gpg: a DSA key cannot sign approvals: use ed25519, ecdsa or rsa")
	}
	return nil
}

// sound are the hashes that a signature may be over.
var sound = []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512}

// byGPG finds the key by which the signature holds. The library holds the key
// and its self-signatures against the same instant.
func (p People) byGPG(payload, signature []byte, now time.Time) (key, error) {
	block, err := armor.Decode(bytes.NewReader(signature))
	if err != nil || block.Type != openpgp.SignatureType {
		return key{}, errors.New("its OpenPGP signature is not armoured")
	}
	body, err := io.ReadAll(block.Body)
	if err != nil {
		return key{}, fmt.Errorf("reading its OpenPGP signature: %w", err)
	}
	found, because := key{}, error(ErrNobody)
	for _, one := range p.keys {
		if one.gpg.Entity == nil || found.Key != "" && found.worth(now) == nil {
			continue
		}
		signed, _, err := openpgp.VerifyDetachedSignature(openpgp.EntityList{one.gpg.Entity}, bytes.NewReader(payload), bytes.NewReader(body),
			&packet.Config{Time: func() time.Time { return now }})
		switch {
		case err == nil && !slices.Contains(sound, signed.Hash):
			because = fmt.Errorf("its OpenPGP signature does not hold: it is over %s", signed.Hash)
		case err == nil && (signed.SigType == packet.SigTypeBinary || signed.SigType == packet.SigTypeText):
			found = one
		case err != nil && found.Key == "" && !errors.Is(err, openpgperrors.ErrUnknownIssuer):
			because = fmt.Errorf("its OpenPGP signature does not hold: %w", err)
		}
	}
	if found.Key == "" {
		return key{}, because
	}
	return found, nil
}
