package stats

import "math"

// DeLong is the area under the ROC curve: the probability that a positive row
// scores higher than a negative one, ties half. Its variance is that of
// DeLong, DeLong and Clarke-Pearson 1988 (Biometrics 44:837), computed in
// O(n log n). Scores may have any scale; a missing score is an error, and so
// is a sample of one class.
func DeLong(scores []float64, labels []bool) (Ranking, error) {
	p, err := place(scores, labels)
	if err != nil {
		return Ranking{}, err
	}
	return p.auroc(labels), nil
}

func (p placement) auroc(labels []bool) Ranking {
	return Ranking{
		Value:    p.u(labels) / (float64(p.positives) * float64(p.negatives)),
		Variance: p.covariance(p, labels),
		Pairs:    min(p.positives, p.negatives),
		method:   "delong",
	}
}

// covariance of two AUROCs on the same rows. Half a class of one row has no
// sample variance: the answer is 0, which Ranking takes as "not known".
func (p placement) covariance(q placement, labels []bool) float64 {
	if p.positives < 2 || p.negatives < 2 {
		return 0
	}
	n1, n0 := float64(p.positives), float64(p.negatives)
	meanP, meanQ := p.u(labels)/(n1*n0), q.u(labels)/(n1*n0)
	ofPositives, ofNegatives := 0.0, 0.0
	for row, label := range labels {
		if label {
			ofPositives += (p.wins[row]/n0 - meanP) * (q.wins[row]/n0 - meanQ)
		} else {
			ofNegatives += (p.wins[row]/n1 - meanP) * (q.wins[row]/n1 - meanQ)
		}
	}
	return ofPositives/((n1-1)*n1) + ofNegatives/((n0-1)*n0)
}

// Difference is the difference A-B of two rankings of the same patients.
type Difference struct {
	A, B Ranking
	Estimate
}

// DeLongTest is a Difference with DeLong's test that it is 0.
type DeLongTest struct {
	Difference
	Z, P       float64 // two-sided; 0 and 1 when the sample shows no variance
	Covariance float64 // of both areas
}

// DeLongPaired compares two scores on the same rows: A-B, with the test and
// interval of DeLong 1988. Two scores that are one ranking, as before and after
// recalibration, differ by exactly 0. When they are not but the sample shows no
// variance of the difference, the interval squares and adds the exact intervals
// of both areas: two models that both part the classes need not be one.
func DeLongPaired(a, b []float64, labels []bool) (DeLongTest, error) {
	ofA, err := place(a, labels)
	if err != nil {
		return DeLongTest{}, err
	}
	ofB, err := place(b, labels)
	if err != nil {
		return DeLongTest{}, err
	}
	test := DeLongTest{Difference: Difference{A: ofA.auroc(labels), B: ofB.auroc(labels)}, P: 1}
	test.Value = test.A.Value - test.B.Value
	test.Covariance = ofA.covariance(ofB, labels)
	spread := test.A.Variance + test.B.Variance - 2*test.Covariance
	same, how := oneRanking(a, b)
	switch {
	case same:
		test.Value, test.Method = 0, how
	case spread <= minVariance:
		test.Interval = RankingDifference(exact(test.A), exact(test.B), Alpha)
		test.Method = "paired delong shows no variance; exact binomial limits, square-and-add"
	default:
		test.Z = test.Value / math.Sqrt(spread)
		test.P = twoSided(test.Z)
		test.Interval = normalInterval(test.Value, spread, Alpha).clip(-1, 1)
		test.Method = "paired delong"
	}
	return test, nil
}

// minVariance is what rounding leaves of a variance that is 0: areas are of
// order 1, so their covariances cancel to about 1e-17.
const minVariance = 1e-15

func exact(r Ranking) Ranking {
	r.Variance = 0
	return r
}
