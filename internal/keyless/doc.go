// Package keyless signs, and verifies, without a key that anybody keeps.
//
// Whoever signs proves to a certificate authority (Fulcio) who they are, with
// a token of their OpenID Connect provider, and gets a certificate over a key
// that lives for one signature. The certificate is dead ten minutes later, so a
// transparency log (Rekor) or a timestamping authority says when the signature
// was there. What remains to be trusted is a name: this issuer's word for this
// subject.
// https://docs.sigstore.dev/cosign/signing/overview/
//
// Begin with [ReadRoot]: a Root holds the public keys of authorities and logs,
// and is enough to verify. Nothing here asks the network, except a [Signer].
//
// It knows certificates, logs and times. It must never know who is trusted for
// what: it says who signed, and package evidence compares. It is the one door
// to sigstore-go, which is large (forty modules): whoever imports this package
// links them, and so package evidence sees it through an interface.
package keyless
