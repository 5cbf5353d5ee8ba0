// Package images makes the two small OCI artifacts that the security gate
// reads, for the demo and for tests: a serving image with a list of Debian
// and Python packages, and a vulnerability database with a list of advisories.
//
// [PushServing] and [PushVulnerabilityDatabase] push what is real in form: the
// image has the package status file that dpkg writes, the database is written
// by Trivy's own database library. Only the packages and the advisories are
// made up. The same input gives the same digest.
//
// The package must never import testing, which would add its flags to the
// demo's command line, nor Trivy itself.
package images
