// Package webhook is the door of a cluster: it turns an AdmissionReview into
// a question, asks the judge, and turns the verdict into an answer.
//
// It is a model of what happens between "kubectl apply" and etcd. A
// [Handler] reduces a Kubernetes object to the ways in which it reaches a
// model (subjects.go); [Memory] holds the evidence that arrived in the cluster
// as Release objects, verified once; [Door] puts the two together and asks.
// Read [Door.Judge] first, then subjects.go.
//
// The package promises to fail closed. A denial is a value, an error is
// ignorance, and both keep the door shut: an object of an unknown kind, a
// namespace of an unknown environment, a field that this binary does not know,
// a panic. It asks no registry and no other service during a review.
//
// Each answer is handed to a [Log] as a [Decision], except of dry runs. No review
// waits for what becomes of it.
//
// It searches objects as text and does not run them, so it cannot see a
// reference that a process puts together for itself (two environment
// variables, a ConfigMap, a download inside an image). That is the task of an
// egress policy; what the door guarantees is that no mounted model is
// unjudged.
//
// It knows admission and Kubernetes objects. It must never import the
// reconciler, a measuring gate, Trivy, DuckDB, go-git, kustomize, a registry
// client or Argo CD: what it links, an attacker can reach from every cluster.
package webhook
