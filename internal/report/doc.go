// Package report tells people what was judged: as text for a terminal, as
// Markdown for a note in git, and as JSON for scripts.
//
// A report leads with the verdict, then every finding with its number and its
// remedy, then the numbers themselves. It computes nothing.
package report
