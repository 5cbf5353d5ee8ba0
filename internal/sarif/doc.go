// Package sarif reads what other scanners write, and answers with the claim that
// Assay signs about it: an evidence.Scan.
//
// SARIF 2.1.0 (OASIS, https://docs.oasis-open.org/sarif/sarif/v2.1.0/) is what
// Semgrep, Snyk and gitleaks write themselves, and what exporters write for
// SonarQube. TruffleHog writes a line of JSON for each secret, and no SARIF; its
// lines are read as they are. Start at [Read], then say at which commit and when
// with [Report.At].
//
// A scanner that failed writes a file, too, and an empty list of results reads
// like a clean one. So what does not say that it ended well is an error: no run,
// no results, an invocation that failed, a notification of an error. A key that
// stands twice is an error, since two readers could see two results.
//
// Of the source nothing is kept but a rule, a path and a line: what a scanner
// quotes may be the secret that it found.
//
// The package knows formats, not limits: how many results are too many is for
// rules to say. It must never import a gate or what decides.
package sarif
