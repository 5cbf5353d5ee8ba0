// Package certificate gives a door a certificate that API servers trust, at every
// moment and in every replica.
//
// It is a model of changing the locks of a house with several doors while people
// walk in and out: nobody may stand before a door whose key is not known yet. An
// API server asks no webhook whose certificate it does not trust, and with
// failurePolicy Fail nothing is admitted then.
//
// A [Source] is where TLS gets its certificate: [InFolder] when somebody else
// exchanges it (cert-manager), [SelfSigned] when the replicas do so themselves,
// through a Secret and the caBundle of the registration. Read the comment at the
// top of rotation.go first: when what is served changes is decided there, as a
// function of what is shared, what is told and the time; selfsigned.go reads and
// writes. issue.go throws the authority's key away as soon as it has signed once.
// [Trusted] is readiness: whether an API server would accept what is served.
//
// The package promises that no replica serves a certificate before API servers
// know its authority, unless its own has ended, and that what a replica still
// serves stays believed, whoever edits or deletes the Secret.
//
// It knows certificates, one Secret and one ValidatingWebhookConfiguration. It
// must never import the door, the judge or the subject of a review: what is
// asked through a connection is no matter of who may open it.
package certificate
