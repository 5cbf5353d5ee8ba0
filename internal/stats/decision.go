package stats

import (
	"fmt"
	"math"
)

// BalancedAccuracy is the mean of sensitivity and specificity. It is (1+d)/2
// for d the difference of true and false positive rate, and so is its interval
// of Newcombe's. A missing class is ErrOneClass.
func (c Confusion) BalancedAccuracy() (Estimate, error) {
	sensitivity, specificity, err := c.rates()
	if err != nil {
		return Estimate{}, err
	}
	difference := Newcombe(c.Sensitivity(), c.FalsePositiveRate(), Alpha)
	return Estimate{
		Value:    (sensitivity + specificity) / 2,
		Interval: Interval{(1 + difference.Low) / 2, (1 + difference.High) / 2},
		Method:   "newcombe",
	}, nil
}

// F1 is the harmonic mean of sensitivity and PPV: 2TP/(2TP+FP+FN). It is
// 2J/(1+J) for J = TP/(TP+FP+FN), which is binomial given its denominator, so
// the interval is Wilson's of J, mapped. Without positives of either kind it
// is 0/0: ErrUndefined.
func (c Confusion) F1() (Estimate, error) {
	jaccard := Proportion{c.TruePositives, c.TruePositives + c.FalsePositives + c.FalseNegatives}
	value, err := jaccard.Value()
	if err != nil {
		return Estimate{}, err
	}
	mapped := func(j float64) float64 { return 2 * j / (1 + j) }
	wilson := jaccard.Wilson(Alpha)
	return Estimate{mapped(value), Interval{mapped(wilson.Low), mapped(wilson.High)}, "wilson of TP/(TP+FP+FN), mapped"}, nil
}

// MCC is Matthews' correlation of decision and truth (1975, Biochim Biophys
// Acta 405:442). It rises with sensitivity and with specificity, so its value
// at the Wilson limits of both, at the observed prevalence, bounds it
// conservatively. When all or none are selected it is 0/0: ErrUndefined.
func (c Confusion) MCC() (Estimate, error) {
	sensitivity, specificity, err := c.rates()
	if err != nil {
		return Estimate{}, err
	}
	if c.Selected() == 0 || c.Selected() == c.N() {
		return Estimate{}, fmt.Errorf("%w: %d of %d rows are selected", ErrUndefined, c.Selected(), c.N())
	}
	prevalence := float64(c.Positives()) / float64(c.N())
	ofSensitivity, ofSpecificity := c.Sensitivity().Wilson(Alpha), c.Specificity().Wilson(Alpha)
	return Estimate{
		Value: matthews(sensitivity, specificity, prevalence),
		Interval: Interval{
			matthews(ofSensitivity.Low, ofSpecificity.Low, prevalence),
			matthews(ofSensitivity.High, ofSpecificity.High, prevalence),
		},
		Method: "wilson limits of sensitivity and specificity",
	}, nil
}

func matthews(sensitivity, specificity, prevalence float64) float64 {
	selected := prevalence*sensitivity + (1-prevalence)*(1-specificity)
	value := (sensitivity + specificity - 1) * math.Sqrt(prevalence*(1-prevalence)/(selected*(1-selected)))
	return min(max(value, -1), 1)
}

func (c Confusion) rates() (sensitivity, specificity float64, err error) {
	if c.Positives() == 0 || c.Negatives() == 0 {
		return 0, 0, fmt.Errorf("%w: %d events, %d non-events", ErrOneClass, c.Positives(), c.Negatives())
	}
	sensitivity, _ = c.Sensitivity().Value()
	specificity, _ = c.Specificity().Value()
	return sensitivity, specificity, nil
}

// NetBenefit is TP/n - FP/n·t/(1-t): true positives per patient, less the
// false ones at the exchange rate that the threshold states (Vickers and Elkin
// 2006, Med Decis Making 26:565). The threshold lies in (0, 1). The interval
// squares and adds the Wilson limits of TP/n and FP/n with their multinomial
// correlation (Zou 2008, Stat Med 27:1693).
func (c Confusion) NetBenefit(threshold float64) (Estimate, error) {
	return c.NetBenefitAt(threshold, Alpha)
}

// NetBenefitAt is [Confusion.NetBenefit] with another two-sided error, for who
// looks at several thresholds.
func (c Confusion) NetBenefitAt(threshold, alpha float64) (Estimate, error) {
	if !(threshold > 0 && threshold < 1) {
		return Estimate{}, fmt.Errorf("threshold: %w: %v is not between 0 and 1", ErrRange, threshold)
	}
	if c.N() == 0 {
		return Estimate{}, ErrEmpty
	}
	found, alarms := Proportion{c.TruePositives, c.N()}, Proportion{c.FalsePositives, c.N()}
	benefit, _ := found.Value()
	harm, _ := alarms.Value()
	odds := threshold / (1 - threshold)
	correlation := 0.0
	if c.TruePositives > 0 && c.FalsePositives > 0 {
		correlation = -math.Sqrt(benefit * harm / ((1 - benefit) * (1 - harm)))
	}
	half := func(a, b float64) float64 { return math.Sqrt(a*a + b*b - 2*correlation*a*b) }
	ofBenefit, ofHarm := found.Wilson(alpha), alarms.Wilson(alpha)
	value := benefit - odds*harm
	return Estimate{
		Value: value,
		Interval: Interval{
			value - half(benefit-ofBenefit.Low, odds*(ofHarm.High-harm)),
			value + half(ofBenefit.High-benefit, odds*(harm-ofHarm.Low)),
		},
		Method: "wilson limits of TP/n and FP/n, square-and-add",
	}, nil
}
