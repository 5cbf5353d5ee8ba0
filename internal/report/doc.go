// Package report tells people what was judged: as text for a terminal and for
// a note in git, as JSON for scripts, as one HTML page with figures for clinicians,
// as Markdown for the comment of a pull request, and as SARIF for the tools that
// show findings beside a change.
//
// A report leads with the verdict, then every finding with its number and its
// remedy, then the numbers themselves. It computes nothing. Names and messages
// come from a repository that anyone may propose to change, so [Line] stands
// between them and the terminal. The package must never import what judges or
// measures.
package report
