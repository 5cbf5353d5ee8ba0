// Package assembly puts real tools into promotion's hands: DuckDB tables,
// trainers, the five gates, a git remote, an OCI registry, kustomize.
//
// It is the one place where the reconciler and the command line meet the heavy
// libraries, each behind its own door below internal. It decides nothing.
package assembly
