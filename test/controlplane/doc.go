// Controlplane is a Kubernetes control plane reduced to its front desk: a real
// etcd and a real kube-apiserver in one process, on loopback, with nothing
// behind them. No scheduler places a pod, no controller reconciles a
// Deployment, no kubelet runs a container. What remains is what an admission
// webhook and a reconciler talk to: storage, validation, admission, watches and
// RBAC, byte for byte the code a cluster runs.
//
// It is a model of "the cluster as its API sees it", and is meant to be run by
// the demo and the end-to-end tests:
//
//	controlplane --dir .assay/controlplane
//
// The process keeps everything below that folder, waits until /readyz answers
// ok and the namespace "default" exists, writes a kubeconfig there, and only then prints one line:
//
//	ready /path/to/.assay/controlplane/kubeconfig
//
// It promises to listen on 127.0.0.1 only, to stop with exit code 0 on SIGTERM
// or SIGINT, and to find its objects again when started twice on one folder.
//
// It makes no promise of durability or of secrecy. etcd runs without fsync, so
// its objects survive the end of the process but not a power cut; etcd has no
// password, so any process of this machine may read it. It is a test world:
// give it nothing that must be kept or hidden.
//
// Start reading at serve, in serve.go.
package main
