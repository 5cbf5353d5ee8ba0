// Package performance measures how well a candidate predicts the outcome of
// the holdout: does it order patients rightly (AUROC, concordance), can its
// probabilities be believed (Brier score, calibration), what do its decisions
// do at the declared threshold (sensitivity, net benefit), and is it at least
// as good as the champion on the same patients.
//
// [Gate] reads a candidate; [Binary] and [Survival] are its pure halves.
//
// Every number comes with an interval and with the method that made it, for
// rules ask about the bound and never about the point. A number that does not
// exist (the PPV of a model that selects nobody) has an empty value and a
// method that says why; no rule is satisfied by it. A holdout that cannot be
// read at all (a missing label, one class only) is an error.
//
// The package knows outcomes and scores. It must never import the other gates,
// gates/judge, Kubernetes or a policy.
package performance
