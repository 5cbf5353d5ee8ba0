// Package v1alpha1 is what people write in a promotion repository, group
// assay.dev/v1alpha1: [Platform], [Model], [ModelCard], [Dataset],
// [Environment], [Promotion], [Cluster], [Quarantine] and [Freeze].
//
// [Decode] reads one file strictly: an unknown field, a field written twice, a
// wrong type or a second document is an error that names file, line and field.
// The objects that API servers keep are in api/kube; this package knows no
// Kubernetes library, so that the gates can speak of a Model without one.
package v1alpha1

// APIVersion is the group and version of every object in this package.
const APIVersion = "assay.dev/v1alpha1"
