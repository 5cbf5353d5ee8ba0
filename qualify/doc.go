// Package qualify qualifies Assay itself, in the three steps that computerised
// systems in clinical research are qualified by (GAMP 5; EU GMP Annex 15):
//
//   - installation: what is installed (version, rules, policy digest), and do
//     its parts answer published vectors as they should;
//   - operational: known defects, planted at known strengths, are denied, and
//     by a rule that is there for them;
//   - performance: candidates without a defect pass.
//
// [Run] plants the defects of [Defects] into real cancer data of the
// catalogue, asks the real gates and the real judge with the rules that ship,
// and answers with sensitivity and specificity of every gate, each with
// Wilson's interval and n.
//
// A real holdout of 150 patients could not tell a true defect from noise, so
// every candidate is drawn from the real rows with replacement, under fresh
// keys. Numbers are reduced by less than a millionth, so that no row is
// another's exact copy. The model is the catalogue's own recipe, trained on
// the real training rows and recalibrated on all of them: in that population
// its slope is 1. Cohorts are drawn by a coin: in that population nobody is
// served worse. So the truth is known, and a clean candidate differs from a
// defective one in nothing but the defect.
//
// All draws come from ChaCha8, keyed by the seed, the data set, the replicate
// and the purpose of the draw: a run is a function of its seed, and a
// scenario does not change when another is added.
//
// The package may know gates, judge, policies and catalogue. It must never
// import the reconciler, the webhook or Kubernetes.
package qualify
