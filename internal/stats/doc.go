// Package stats holds the statistics that Assay's gates report: how well a
// score orders patients ([DeLong], [Harrell], [Uno]), how far its
// probabilities can be believed ([Brier], [Calibrate]), what a decision at a
// threshold does ([Confuse]), whether two samples differ
// ([KolmogorovSmirnov], [PSI]), and the two regressions that clinical models
// are made of ([Logistic], [Cox]).
//
// Three promises hold throughout.
//
//   - Nothing is random: sums run in row order, and the one resampling method,
//     [Bootstrap], is a pure function of its seed.
//   - A number comes with its uncertainty. An interval never shrinks to a
//     point because the sample was too small to show any variance: where the
//     usual formula does, a documented conservative one takes its place.
//   - Input that has no answer gives an error of this package ([ErrOneClass],
//     [ErrEmpty], ...), never a panic, never NaN, never infinity.
//
// Rows are counted from 1 in errors, as people count them. Missing values are
// errors here: to drop or impute a row is the caller's decision, because it
// changes what the number is about.
//
// The package is pure. It must never read a file, look at a clock, start a
// goroutine or import any package of this project.
package stats
