// Package bias measures whether a candidate serves all cohorts of patients
// alike: for every attribute that the data set declares (sex, race, age band),
// the decisions, the ranking and the calibration within each cohort, the gap
// between the best and the worst served one, and what a new model takes from
// any of them.
//
// [Gate] reads a candidate; [Binary] and [Changes], for a survival model
// [Survival], [Horizon] and [SurvivalChanges], are its pure parts.
//
// # Gaps
//
// A gap is the largest difference between any two cohorts, however small they
// are, so it is never negative and grows with noise alone. Its interval is
// therefore made of the intervals of all pairs at a level that holds for all
// of them at once (Bonferroni): [low, high] covers the true largest gap with
// at least 95 %. A cohort of which nothing is known, one without a positive
// row for instance, makes high 1: nobody has shown that the gap is small. How
// many more patients would settle it is in positives_needed, counting those
// with the event, and patients_needed, counting all of the smallest cohort.
//
// worst_sensitivity and the lowest and highest oe_ratio and calibration_slope
// are about single cohorts, since cohorts that are served alike may be served
// alike badly. Their intervals hold for all cohorts of the attribute at once.
//
// # Several questions at once
//
// equivalence_p says how sure it is that a gap in a primary metric (sensitivity,
// false positive rate, AUROC or concordance) is below a margin: the smallest
// level at which the gap's own interval ends there. That a model is fair in
// every attribute and every metric is shown when each is shown, each at its own
// level (an intersection-union test: Berger 1982, Technometrics 24:295), so a
// verdict needs no adjustment, and reads none. Who claims one of them alone,
// picked because it came out well, needs equivalence_p_holm, adjusted over the
// family.
//
// # Intersections
//
// Black women may be served badly where neither women nor black patients are.
// The cells of every two attributes are few patients each, so their
// sensitivities are drawn towards each other by how much they vary beyond
// chance (sensitivity_shrunk, empirical Bayes) before they are compared
// (intersectional_sensitivity_gap). They are there to be looked at, not to
// prove anything.
//
// # Small cohorts
//
// Of a cohort or cell of fewer than 11 patients the gate tells nothing but its
// name (CMS cell size suppression policy), nor of the next smallest, which
// would give it away. It keeps every gap open: whoever is few is not therefore
// served well. But no number depends on its rows, so that none can be solved
// for them.
//
// Rows without a value for the attribute are a cohort "(missing)" of their
// own. Its numbers are reported, but it takes no part in the gaps: it is not a
// group of people.
//
// The package knows outcomes, scores and cohorts. It must never import the
// other gates, gates/judge, Kubernetes or a policy.
package bias
