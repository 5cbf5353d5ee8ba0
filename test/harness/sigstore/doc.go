// Package sigstore is a small deployment of Sigstore on loopback, for tests: a
// certificate authority that speaks Fulcio's interface, with a log of the
// certificates that it issues; a transparency log that speaks Rekor's (v1); and
// a timestamping authority (RFC 3161). Its identity provider says of anybody
// what the test wants.
//
// Entries are canonicalized by Rekor's own library, and proofs are those of a
// real Merkle tree, so other people's clients can sign and verify here. What it
// lacks of the real thing is memory: everything ends with Close.
package sigstore
