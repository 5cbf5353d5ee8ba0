// Package figure holds what the figures of a report show, and draws it as SVG.
//
// [Curves] are aggregates: no number in them stands for one to ten patients
// (the cell size rule of CMS, who allow no smaller cell to be published). They
// are no evidence and nothing is decided on them; they show a reader what the
// signed numbers mean. Whoever makes them from scores and outcomes keeps that
// rule (internal/curves); this package only draws.
//
// An SVG has a title and a description for those who do not see it, and tells
// lines apart by dashes and shapes, never by colour alone. Text is hostile: it
// is escaped, shortened and freed of control characters. The same numbers give
// the same bytes.
//
// The package is the door to gonum.org/v1/plot. It must never import anything
// of this project.
package figure
