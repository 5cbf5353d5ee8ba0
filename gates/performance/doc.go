// Package performance measures how well a candidate predicts the outcome of
// the holdout: does it order patients rightly (AUROC, concordance), can its
// probabilities be believed (Brier score, calibration), what do its decisions
// do at the declared threshold (sensitivity, net benefit), and is it at least
// as good as the champion on the same patients.
//
// [Gate] reads a candidate; [Binary], [Survival] and [AtHorizon] are its pure
// parts.
//
// Every number comes with an interval and with the method that made it, for
// rules ask about the bound and never about the point. A number that does not
// exist (the PPV of a model that selects nobody) has an empty value and a
// method that says why; no rule is satisfied by it. A holdout that cannot be
// read at all (a missing label, one class only) is an error.
//
// # Calibration
//
// From coarse to fine: calibration_in_the_large and oe_ratio (are there as
// many events as predicted), calibration_slope and calibration_intercept (are
// predictions too extreme), ici, e50, e90 and emax (how far is the smoothed
// observed risk from the predicted one: mean, median, 90th percentile and
// largest distance over the patients) and ece, the same in ten bins. The last
// five are distances: noise only makes them larger, so a small holdout looks
// worse than its model is, and ici depends on the smoother, which its method
// names.
//
// # Use
//
// Accuracy is nothing by itself where an event is rare, so beside it stand
// no_information_rate, what always saying the same would get, and
// no_information_rate_p, the chance that doing so gets at least as much.
// net_benefit is over treating nobody, net_benefit_over_all over treating
// everybody, and net_benefit_gain over the better of the two, all at the
// declared threshold; net_benefit_gain_least is the gain where it is least over
// a declared range. PPV and NPV are those at the prevalence of the holdout,
// which is measured too.
//
// # The champion
//
// A candidate is never compared with itself: a champion with the same digest
// is an error. Differences are candidate less champion on the same patients,
// each decided on at its own threshold, with paired intervals. That no patient
// of the holdout was trained on is for the dataset gate to measure.
//
// # Optimism and stability
//
// optimism is the discrimination on the training rows less that on the holdout.
// unstable_scores counts the patients who got another score when the model was
// asked a second time; all of them when it was not.
//
// # Survival
//
// A risk score orders patients; it is no probability of surviving a time, and
// a Cox model's linear predictor is none either. hazard_slope says whether it is
// too extreme where it is a log hazard. median_follow_up and censored_fraction
// say how much was seen of the patients.
//
// Where the recipe names a horizon the model also gives the risk of an event by
// then, and [AtHorizon] asks of it what is asked of probabilities, with weights
// for those who left before.
//
// # Operation
//
// The candidate is loaded anew and asked about one patient at a time, as in the
// clinic: how long that takes, whether it says what it said of the whole file,
// and what it makes of missing values and garbage. Durations are the only
// measurements in which two runs may differ, and are rounded.
//
// The package knows outcomes and scores. It must never import the other gates,
// gates/judge, Kubernetes or a policy.
package performance
