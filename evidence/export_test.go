package evidence

// Nonsense is an envelope whose signature is right and whose payload is not.
type Nonsense struct {
	Envelope Envelope
	Key      TrustedKey
}

// SignPayload signs any bytes with a fresh key.
func SignPayload(payload string) (Nonsense, error) {
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
	envelope, err := signer.sign([]byte(payload), Subject{})
	return Nonsense{envelope, TrustedKey{Name: "nonsense", Key: key, Predicates: PredicateTypes()}}, err
}
