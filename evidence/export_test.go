package evidence

import (
	"context"
	"encoding/json"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
)

// Nonsense is an envelope whose signature is right and whose payload is not.
type Nonsense struct {
	Envelope Envelope
	Key      TrustedKey
}

// SignPayload signs any bytes with a fresh key.
func SignPayload(ctx context.Context, payload string) (Nonsense, error) {
	private, public, err := GenerateKey()
	if err != nil {
		return Nonsense{}, err
	}
	signer, err := NewSigner(private)
	if err != nil {
		return Nonsense{}, err
	}
	key, err := ParsePublicKey(public)
	if err != nil {
		return Nonsense{}, err
	}
	envelopeSigner, err := dsse.NewEnvelopeSigner(signer.key)
	if err != nil {
		return Nonsense{}, err
	}
	signed, err := envelopeSigner.SignPayload(ctx, payloadType, []byte(payload))
	if err != nil {
		return Nonsense{}, err
	}
	text, err := json.Marshal(signed)
	return Nonsense{text, TrustedKey{"nonsense", key, []string{MeasurementsType, ProvenanceType}}}, err
}
