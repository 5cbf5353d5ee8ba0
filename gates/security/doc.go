// Package security measures what a candidate would carry into a cluster: the
// secrets in its files and manifests, the misconfigurations of its manifests,
// the code hidden in its model files, the secrets in the change that proposes
// it, the misconfigurations of the repository's Dockerfiles and Terraform, what
// other scanners found there, the known vulnerabilities of the images
// that would serve it and that trained it, and the licences and components of
// the first.
//
// Start at [Gate.Measure]. What it promises:
//
//   - The same candidate and the same database give the same measurements, in
//     the same order. "Today" is the day on which the database was built.
//   - It speaks to two registries only, the one that holds the image and the
//     one that holds the vulnerability database, and to where those send it for
//     a token or a blob. Checks and secret rules are compiled in. Layers that
//     point at hosts of the publisher's choosing are an error.
//   - What could not be read is an error, never a zero: an unreadable image,
//     an operating system nobody publishes advisories for, a damaged database,
//     a manifest that does not parse, a check that broke. An image in which no
//     package was found says so in packages_scanned, which rules deny.
//   - What the checks would leave out in silence is counted as not examined,
//     which rules deny.
//   - No measurement holds the text of a secret.
//
// The package is the only importer of Trivy, which keeps its database and its
// logger in process-wide variables; one measurement therefore runs at a time,
// and others wait. It takes Trivy's parts (layer walker, package analyzers,
// advisory detectors, checks, secret rules) and leaves its runner out: that
// one downloads checks, asks for new versions and talks to a Docker daemon.
//
// Terraform is a language with loops. It is evaluated in a process of its own,
// which is the same program under another name, started by this package's init;
// see evaluation.go.
//
// It must never import another gate, the judge or Kubernetes.
package security
