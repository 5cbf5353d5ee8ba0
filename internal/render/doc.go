// Package render turns a release into the manifests that Argo CD syncs.
//
// [Render] is a pure function: the same [Release] gives the same bytes, so an
// environment branch gets a commit only when something changed. It runs
// kustomize in process over files in memory: no plugins, no network, no disk.
//
// The files are namespace.yaml for the environment, and for each model
// <model>/release.yaml (the evidence) and <model>/workload.yaml. Sync waves
// bring the namespace first, the evidence second and the workload last
// (quarantines.yaml and freezes.yaml, what must not run and when nothing new may,
// come before them all): the
// admission webhook must have read the evidence before it is asked about the
// workload (https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/).
//
// What a promotion asks for beyond a model at work is its [Profile]; each field
// brings components of manifests/serving with it (manifests/serving/README.md).
//
// Kustomize is slow and its answers repeat, so a [Cache] remembers them by the
// files that were read for them. A release is rendered in two steps, both of them
// remembered: what its profile chooses, and what is filled into that. Words (the
// model's name, its digests) are filled in last, so that releases which differ in
// nothing else are one rendering. [Sources] gives what kustomize's own command
// needs to come to the same bytes, and test/crds compares them.
//
// People may add a kustomize component of their own. Its kustomization may
// name files beside it and nothing else: no folder above, no link, no URL, no
// program, no chart, and no YAML alias. It is applied before the images
// and the model are pinned, so it cannot exchange them.
//
// The package knows kustomize. It must never import git, a registry, the gates
// or the judge.
package render
