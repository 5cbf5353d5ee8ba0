// Assay-webhook stands at the door of a cluster and admits a workload only
// when the evidence of every model it mounts passes. What it does is in
// package webhook; what it links is in deps.txt, which a test compares with
// the truth so that growth is a visible change. Built with -tags keyless it
// believes certificates too, and links what is in deps_keyless.txt; with -tags
// registry it can look for evidence in a registry, and links deps_registry.txt.
package main
