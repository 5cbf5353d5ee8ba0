package qualify

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// rescore replaces the scores of the holdout.
func (s *specimen) rescore(by func(one patient) float64) {
	for i, one := range s.holdout {
		s.holdout[i].score = by(one)
	}
}

func plantSlope(s *specimen, _ *rand.Rand, slope float64) {
	s.rescore(func(one patient) float64 { return expit(logit(one.score) / slope) })
}

func plantIntercept(s *specimen, _ *rand.Rand, ratio float64) {
	by := s.shiftTo(ratio)
	s.rescore(func(one patient) float64 { return s.shifted(one.score, by) })
}

// shiftTo finds the shift that makes observed over expected events the ratio,
// in the population, by bisection: the more it is, the more are expected.
func (s *specimen) shiftTo(ratio float64) float64 {
	low, high := -50.0, 50.0
	for range 100 {
		middle, balance := (low+high)/2, 0.0
		for row, event := range s.events {
			balance += ratio * s.shifted(s.scores[row], middle)
			if event {
				balance--
			}
		}
		if balance < 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

func plantNoise(s *specimen, random *rand.Rand, share float64) {
	s.exchange(random, share, func(patient) bool { return true })
}

// exchange deals the scores of a share of some patients out among them anew.
func (s *specimen) exchange(random *rand.Rand, share float64, among func(one patient) bool) {
	var rows []int
	var scores []float64
	for row, one := range s.holdout {
		if among(one) && random.Float64() < share {
			rows, scores = append(rows, row), append(scores, one.score)
		}
	}
	for i, from := range random.Perm(len(rows)) {
		s.holdout[rows[i]].score = scores[from]
	}
}

// plantOptimism makes the model worse on patients that it was not trained on.
// Two patients who keep their scores are ordered rightly with probability A, two
// who were dealt another with 1/2, and one of each with the mean of both: so a
// share p of exchanged scores costs (A-1/2)p.
func plantOptimism(s *specimen, random *rand.Rand, loss float64) {
	s.exchange(random, loss/(s.discrimination-0.5), func(patient) bool { return true })
}

func plantInstability(s *specimen, _ *rand.Rand, patients float64) { s.unstable = int(patients) }

func plantInversion(s *specimen, random *rand.Rand, share float64) {
	s.rescore(func(one patient) float64 {
		switch {
		case random.Float64() >= share:
			return one.score
		case s.binary():
			return 1 - one.score
		}
		return -one.score
	})
}

// Ways to be compared with oneself.
const (
	sameArtifact = 1
	sameScores   = 2
	sameRanks    = 3
)

func plantSelf(s *specimen, _ *rand.Rand, way float64) {
	s.itself = way == sameArtifact
	for i, one := range s.holdout {
		s.champion[i] = one.score
		if way == sameRanks {
			s.champion[i] = s.shifted(one.score, 0.5)
		}
	}
}

// tellsItself holds when the gate refuses the comparison, says that the scores
// are equal, or finds the difference that equal ranks have: none.
func tellsItself(seen examined) bool {
	answered := seen.answers[gates.Performance]
	if answered.refused != nil {
		return strings.Contains(answered.refused.Error(), "champion")
	}
	at := slices.IndexFunc(answered.measured, func(m evidence.Measurement) bool {
		return m.Name == "auroc_difference" || m.Name == "c_index_difference"
	})
	return at >= 0 && answered.measured[at].Value == "0" && answered.measured[at].Low.Float() <= 0
}

// plantBias shifts scores of cohort b so far that a further share of its
// events falls below the threshold.
func plantBias(s *specimen, _ *rand.Rand, loss float64) {
	s.shiftCohort(true, missedInPopulation+loss)
}

// plantAlarms shifts scores of cohort b so far that a further share of its
// patients without the event rises above the threshold.
func plantAlarms(s *specimen, _ *rand.Rand, gain float64) {
	below := 0
	others := 0
	for row, event := range s.events {
		if !event {
			others++
			if s.scores[row] < s.recipe.DecisionThreshold {
				below++
			}
		}
	}
	s.shiftCohort(false, float64(below)/float64(others)-gain)
}

// shiftCohort puts the threshold at a quantile of the population's scores of
// those with, or without, the event: in cohort b.
func (s *specimen) shiftCohort(event bool, quantile float64) {
	var scores []float64
	for row, had := range s.events {
		if had == event {
			scores = append(scores, s.scores[row])
		}
	}
	slices.Sort(scores)
	at := min(max(int(quantile*float64(len(scores))), 0), len(scores)-1)
	by := logit(s.recipe.DecisionThreshold) - logit(scores[at])
	s.rescore(func(one patient) float64 {
		if s.inCohort(one, "b") {
			return s.shifted(one.score, by)
		}
		return one.score
	})
}

func plantScramble(s *specimen, random *rand.Rand, share float64) {
	s.exchange(random, share, func(one patient) bool { return s.inCohort(one, "b") })
}

func plantShrink(s *specimen, random *rand.Rand, events float64) {
	left, at := int(events), s.at(cohortColumn)
	for _, row := range random.Perm(len(s.holdout)) {
		one := s.holdout[row]
		switch {
		case !s.inCohort(one, "b") || !s.hadEvent(one):
		case left > 0:
			left--
		default:
			one.values[at] = "a"
		}
	}
}
