// Package gates is the vocabulary of validation: a [Gate] measures one
// property of a [Candidate]; a [Finding] is one rule that is not met; a
// [Verdict] is all findings plus what was evaluated.
//
// Go measures and never decides; Rego decides and never measures. The five
// gates live in sub-packages (dataset, performance, bias, compliance,
// security) and the one judge in gates/judge. This package knows none of
// them, and imports no third party.
package gates
