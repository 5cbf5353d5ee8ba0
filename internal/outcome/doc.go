// Package outcome reads what happened to patients, and what was predicted of
// them, from a table: where labels, follow-up times and events stand, and what
// may stand there.
//
// A binary outcome is one column, the label; a survival outcome is two, the
// time that a patient was followed and whether the event ended it (false is
// censored). Labels and events are written 0 and 1, or true and false in any
// case; yes, no, dead and 2 are refused, because each of them means the
// opposite somewhere. Nothing may be missing: a row that is dropped in silence
// is a patient who no longer counts. An outcome that is the same in every row is
// refused, too: it has nothing to predict. Every error names the file, the row (the
// header not counted) and the column.
//
// [Holdout] is for a gate, which knows the contract; [Table] is for loose
// files.
//
// The package sees a table through [Source]. It must never import gates,
// internal/table, or anything that measures.
package outcome
