// Command chart writes the templates of the Helm chart manifests/chart/assay
// from what kustomize builds of manifests/system, so that nobody writes an object
// twice: make chart.
//
// Each part of the system (webhook, audit, ...) becomes one template. Where a
// component of kustomize changes a part, both builds are merged, and what differs
// stands between {{ if }} and {{ end }} (merge.go). Where the chart has a value,
// the field is replaced by it (values.go). The values themselves, their schema
// and the notes are written by hand.
//
// The tests render the chart with Helm's own engine and compare it with kustomize,
// object by object. This is a module of its own so that nobody who builds Assay
// builds Helm; it must never import the module above it, whose files it reads.
package main
