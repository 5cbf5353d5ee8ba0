// Package kube is what API servers keep, group assay.dev/v1alpha1:
// [Repository] and [Promotion] on the hub where the reconciler runs, [Release]
// in every cluster that serves.
//
// What people write in git is in api/v1alpha1; it is apart so that gates and
// evidence can speak of a Model without any Kubernetes library.
//
// +kubebuilder:object:generate=true
// +groupName=assay.dev
// +versionName=v1alpha1
package kube
