// Package law holds the import law: which package may know which.
//
// A house of floors: imports go down only, never up and never sideways, so that
// what decides (evidence, rules, judge) can be read without what fetches,
// trains and serves. On top of the floors stand the prohibitions that make the
// promises of the documentation true: the webhook cannot reach a registry
// client that it does not link, and a measurer cannot ask Kubernetes.
//
// The law is the tables in law_test.go; the imports of tests are exempt. The
// package itself is empty and must never be imported.
package law
