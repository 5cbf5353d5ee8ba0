// Package argocd holds what Assay writes for Argo CD against Argo CD's own
// code: its types, its generators, its projects and its opinion on health.
//
// Argo CD v2 is built with the Kubernetes libraries of 2024, so this is a module
// of its own, which knows Assay by its files alone: manifests/argocd, the
// clusters of the catalogue and the manifests that internal/render has written
// down as its tests expect them. It must never import the module above it.
package argocd
