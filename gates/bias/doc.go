// Package bias measures whether a candidate serves all cohorts of patients
// alike: for every attribute that the data set declares (sex, race, age band),
// the decision rates and the ranking within each cohort, and the gap between
// the best and the worst served one.
//
// [Gate] reads a candidate; [Binary] and [Survival] are its pure halves. A gap
// is the largest difference between any two cohorts, however small they are,
// so it is never negative and grows with noise alone. Its interval is
// therefore made of the intervals of all pairs at a level that holds for all
// of them at once (Bonferroni): [low, high] covers the true largest gap with
// at least 95 %. A cohort of which nothing is known, one without a positive
// row for instance, makes high 1: nobody has shown that the gap is small. How
// many more patients would settle it is in positives_needed.
//
// Rows without a value for the attribute are a cohort "(missing)" of their
// own. Its numbers are reported, but it takes no part in the gaps: it is not a
// group of people.
//
// The package knows outcomes, scores and cohorts. It must never import the
// other gates, gates/judge, Kubernetes or a policy.
package bias
