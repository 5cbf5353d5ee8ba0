// Package crds holds what Assay renders against the definitions of the kinds
// that it renders: not a copy of them, but the YAML in the modules of Istio,
// KEDA, Argo CD, the Prometheus operator, External Secrets and cert-manager, at
// pinned versions ([Sources]), read from the module zips.
//
// [Catalogue.Check] does what an API server does with a custom resource, in
// process: it looks for unknown fields, applies the defaults, validates the
// structural schema and evaluates the CEL rules. It demands one thing more than
// an API server: that the defaults change nothing. What an operator adds to an
// object is a difference that Argo CD reports for ever, so what is written to git
// must be what will be live (https://github.com/external-secrets/external-secrets/issues/6398).
//
// [Owners] looks at a whole rendering and finds fields that two controllers
// would write in turns.
//
// It is a module of its own, because the project needs no API server's library
// to render, and nobody who builds Assay should fetch six operators.
package crds
