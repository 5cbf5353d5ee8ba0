package stats

import "fmt"

const jackknife = "infinitesimal jackknife"

// Harrell is the concordance index: of the pairs of patients of whom one is
// known to have the event first, the share in which that one has the higher
// score, ties of the score half (Harrell 1982, JAMA 247:2543). A row censored
// at the time of an event counts as later; two events at the same time are not
// comparable. The score may have any scale, larger meaning sooner. The
// variance is the infinitesimal jackknife's, as in R's survival::concordance.
func Harrell(scores, time []float64, event []bool) (Ranking, error) {
	pairs, err := newComparison(scores, time, event)
	if err != nil {
		return Ranking{}, err
	}
	return pairs.ranking(jackknife)
}

// Uno is the concordance index in which a pair counts 1/G², G being the
// probability to be still uncensored just before its event, so that censoring
// cancels out (Uno 2011, Stat Med 30:1105); survival::concordance with
// timewt = "n/G2". There is no cut-off time. The jackknife takes G as known.
func Uno(scores, time []float64, event []bool) (Ranking, error) {
	pairs, err := newComparison(scores, time, event)
	if err != nil {
		return Ranking{}, err
	}
	pairs.weighByCensoring()
	return pairs.ranking(jackknife + ", censoring weights fixed")
}

// HarrellDifference compares two scores on the same rows: A-B, with a
// percentile interval of a bootstrap within events and censored rows in which
// both scores see the same resample. Two scores that are one ranking differ by
// exactly 0. When all resamples agree although they are not, the exact binomial
// limits of both are squared and added.
func HarrellDifference(a, b, time []float64, event []bool, seed [32]byte) (Difference, error) {
	pairsA, err := newComparison(a, time, event)
	if err != nil {
		return Difference{}, err
	}
	pairsB, err := newComparison(b, time, event)
	if err != nil {
		return Difference{}, err
	}
	var difference Difference
	if difference.A, err = pairsA.ranking(jackknife); err != nil {
		return Difference{}, err
	}
	if difference.B, err = pairsB.ranking(jackknife); err != nil {
		return Difference{}, err
	}
	difference.Value = difference.A.Value - difference.B.Value
	if same, how := oneRanking(a, b); same {
		difference.Value, difference.Method = 0, how
		return difference, nil
	}
	replicates := replicatesFor(20 * len(event)) // a resample walks two trees, some 20 steps a row
	difference.Method = fmt.Sprintf("paired stratified bootstrap, %d replicates, percentile", replicates)
	difference.Interval, err = Bootstrap(event, replicates, seed, func(counts []float64) (float64, bool) {
		ofA, okA := pairsA.value(counts)
		ofB, okB := pairsB.value(counts)
		return ofA - ofB, okA && okB
	})
	if err == nil && difference.Low == difference.High {
		difference.Interval = RankingDifference(exact(difference.A), exact(difference.B), Alpha)
		difference.Method = "equal in every resample; exact binomial limits, square-and-add"
	}
	return difference, err
}
