// Package stats holds the statistics that Assay's gates report. By question:
//
//   - How well does a score order patients? [DeLong], [DeLongPaired],
//     [DeLongUnpaired], [AveragePrecision], [ROC]; with follow-up [Harrell],
//     [Uno], [AUCAt].
//   - How far can its probabilities be believed? [Brier], [LogLoss],
//     [Calibrate], [MeasureCalibration], [Reliability], [Spiegelhalter]; with
//     follow-up [BrierAt], [ScaledBrierAt], [OERatioAt], [CalibrationSlopeAt],
//     [IntegratedBrier].
//   - What does a decision at a threshold do? [Confuse] and the methods of
//     [Confusion] and [Proportion], [Newcombe], [McNemar].
//   - Do two samples differ? [KolmogorovSmirnov], [MannWhitney],
//     [AndersonDarling], [CompareMeans], [PSI], [Wasserstein]; do categories?
//     [ChiSquare], [GTest], [Fisher], [CramersV].
//   - Could the sample have shown a difference at all? [PSINull],
//     [KSDetectable], [CramersVDetectable], [SizeForRates]; was it large enough
//     to build a model on? [SizeForDevelopment]; to judge one? [SizeForAUROC].
//   - How long until an event? [KaplanMeier] with its median and
//     [RestrictedMean], [LogRank], [CumulativeIncidence].
//   - The regressions that clinical models are made of: [Logistic],
//     [ConditionalLogistic], [Cox] with [CoxFit.BaselineHazard] and
//     [CoxFit.ProportionalHazards].
//   - How long does something take? [QuantileLimits].
//   - Many questions at once: [Holm], [BenjaminiHochberg], [Bonferroni].
//
// Three promises hold throughout.
//
//   - Nothing is random: sums run in row order, and the one resampling method,
//     [Bootstrap], is a pure function of its seed.
//   - A number that a gate compares with a limit comes with its uncertainty. An
//     interval never shrinks to a point because the sample was too small to show
//     any variance: where the usual formula does, a documented conservative one
//     takes its place.
//   - Input that has no answer gives an error of this package ([ErrOneClass],
//     [ErrEmpty], ...), never a panic, never NaN, never infinity.
//
// Unless a function says otherwise: columns have one value per row, with 1 or
// true for the event; columns of different length are ErrLength, no rows
// ErrEmpty, missing (NaN) and infinite values ErrNotFinite, and values that
// make no sense, like a negative time or a probability of 1.5, ErrRange. Ties
// are allowed. Rows are counted from 1 in errors, as people count them. To drop
// or impute a row with a missing value is the caller's decision, because it
// changes what the number is about.
//
// Numbers are compared with R, scipy and scikit-learn entry by entry
// (TestOracle), and with the examples of papers and manuals.
//
// The package is pure. It must never read a file, look at a clock, start a
// goroutine or import any package of this project.
package stats
