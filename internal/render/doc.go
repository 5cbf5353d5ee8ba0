// Package render turns a release into the manifests that Argo CD syncs.
//
// [Render] is a pure function: the same [Release] gives the same bytes, so an
// environment branch gets a commit only when something changed. It runs
// kustomize in process over files in memory: no plugins, no network, no disk.
//
// The files are namespace.yaml for the environment, and for each model
// <model>/release.yaml (the evidence) and <model>/workload.yaml. Sync waves
// bring the namespace first, the evidence second and the workload last: the
// admission webhook must have read the evidence before it is asked about the
// workload (https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/).
//
// People may add a kustomize component of their own. Its kustomization may
// name files beside it and nothing else, and it is applied before the images
// and the model are pinned, so it cannot exchange them.
//
// The package knows kustomize. It must never import git, a registry, the gates
// or the judge.
package render
