// Package policies holds the rules, the thresholds and their digest.
//
// A rule is a directory: model/<gate>/<rule>, change/<rule> or
// workload/<rule>; its package path is its id. It states what must be true
// (`satisfied`), may say when the evidence does not settle it (`inconclusive`)
// and how to tell it (`message`). Nothing here runs; gates/judge does. Adding
// a rule touches no other file.
package policies

import "embed"

// FS is the bundle that ships in every binary. Tests of rules lie beside them
// and are left out when the bundle is loaded.
//
//go:embed lib model change workload thresholds
var FS embed.FS
