// Package manifests holds the Kubernetes manifests of Assay: serving is what
// it promotes, system is how it runs itself, argocd is who syncs.
//
// They are embedded so that a release of Assay carries the manifests that it
// was tested with. The package knows files only and must never import
// anything but the standard library.
package manifests

import "embed"

// Serving is the kustomize base, components and overlays of a served model,
// below the folder "serving".
//
//go:embed serving
var Serving embed.FS

// System is how Assay itself is installed, below the folder "system".
//
//go:embed system
var System embed.FS
