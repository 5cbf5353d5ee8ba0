// Package oci keeps models and the evidence about them in an OCI registry.
//
// A trained model becomes an [Artifact] with [Build]: an OCI image manifest in
// the form of CNCF ModelPack, one layer per file. The same files give the same
// digest, so a model that was trained twice is packed once. [Registry.Push]
// puts it into <registry>/models/<name>, the evidence first and the model's
// manifest last: who can see a release can see its evidence.
//
// Evidence is a referrer of the model: a manifest whose subject is the model's
// descriptor (https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md).
// All envelopes of one [Registry.Attach] are layers of one such manifest,
// because a registry writes one manifest or none: that is how "all become
// visible or none does" holds. What [Registry.List] gives is unverified;
// annotations on it are for people, and nothing reads them.
//
// Everything that a registry answers is hostile: counts and sizes are bounded,
// digests are computed again, and a file path that would leave its folder is
// refused.
//
// The package knows go-containerregistry. It must never import gates, a
// verifier of evidence, or Kubernetes.
package oci
