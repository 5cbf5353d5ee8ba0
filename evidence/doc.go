// Package evidence is the contract between those who measure a model and
// those who judge it.
//
// A claim is a [Statement]: some [Measurement] values about one [Subject], a
// digest. It travels in an [Envelope], signed, and is opaque until a
// [Verifier] has opened it: Verify is the only way to obtain a Statement from
// bytes, so nothing downstream can read an unverified number by mistake.
//
// Numbers cross a signature as [Decimal] text, never as floats: the bytes
// that were signed are the bytes that are judged.
//
// The package knows how a claim about a digest is stated, signed and kept. It
// must never import gates, Kubernetes, a registry client or OPA.
package evidence
