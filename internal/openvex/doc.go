// Package openvex reads OpenVEX 0.2.0 documents: what somebody claims about
// whether a vulnerability can do harm in a product.
// https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md
//
// [Parse] is strict: a field that nobody knows, a key that stands twice, a
// not_affected without a justification, an affected without an action are
// errors. [Document.Says] answers what a document claims about a vulnerability
// of a package in an image; packages and images are told by package URL, and
// compared as Trivy and openvex/go-vex do.
//
// A document is a claim and not a proof. Whether it is believed is decided by
// who may merge it; the package knows nothing of that, of Trivy or of gates,
// and must never import them.
package openvex
