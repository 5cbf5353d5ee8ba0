// Package harness is a small real world on one machine: etcd and
// kube-apiserver in one process, an OCI registry and a git server on loopback,
// the admission webhook and the reconciler as the binaries that ship.
//
// The demo tells its story in it, and the end-to-end tests stand on it.
// Nothing here is a stand-in for a part of Assay; what plays another system's
// part (the sync of Argo CD, the pod that a ReplicaSet controller would make)
// says so. Everything listens on loopback only and ends with its parent.
package harness
