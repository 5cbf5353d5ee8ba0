// Package webhook is the door of a cluster: it turns an AdmissionReview into
// a question, asks the judge, and turns the verdict into an answer.
//
// It is a model of what happens between "kubectl apply" and etcd. A
// [Handler] turns what is done to a Kubernetes object into a workload
// (operations.go), and package subject says in which ways that object reaches a
// model; [Memory] holds the evidence that arrived in the cluster as Release
// objects, verified once, and what people ordered in a hurry, as Quarantine, Freeze
// and BreakGlass objects (orders.go, freeze.go, glass.go); [Door] puts the two together and asks.
// Read [Door.Judge] first, then package subject.
//
// The package promises to fail closed. A denial is a value, an error is
// ignorance, and both keep the door shut: an object of an unknown kind, a
// namespace of an unknown environment, a field that this binary does not know,
// a panic. It asks no registry during a review, and the API server only for what a
// review names and does not carry (owners.go).
//
// A registry is asked only by a door that was built and started for it, beside the
// reviews and never by them ([Fallback]).
//
// Each answer is handed to a [Log] as a [Decision], except of dry runs. No review
// waits for what becomes of it, nor for the [Events] that tell of denials.
//
// A door that fails closed must be there: how its certificate is exchanged is told
// in package certificate, how it leaves in drain.go, and what makes it ready in
// ready.go and lately.go.
//
// It searches objects as text, with the variables that they name put in, and does
// not run them, so it cannot see a reference that a process puts together for
// itself (by arithmetic, from a Secret, inside an image). That is the task of an
// egress policy; what the door guarantees is that no mounted model is
// unjudged, and that nothing is mounted of which nobody knows the content.
//
// It knows admission and Kubernetes objects. It must never import the
// reconciler, a measuring gate, Trivy, DuckDB, go-git, kustomize, a registry
// client or Argo CD: what it links, an attacker can reach from every cluster.
package webhook
