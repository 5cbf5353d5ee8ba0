package performance

import (
	"fmt"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// looks is at how many thresholds of a declared range the model is looked at,
// both ends among them.
const looks = 9

// overRange measures the net benefit where it is least over the thresholds that
// clinicians may choose among (Vickers and Elkin 2006 ask for the range, not
// for a point). Nothing else is measured of a recipe that declares no range.
func overRange(scores []float64, labels []bool, declared *v1alpha1.Range) ([]evidence.Measurement, error) {
	const name = "net_benefit_gain_least"
	if declared == nil {
		return []evidence.Measurement{count("decision_thresholds", 0, len(labels))}, nil
	}
	if !(0 < declared.From && declared.From < declared.To && declared.To < 1) {
		return nil, fmt.Errorf("the decision range %v to %v is no range of thresholds between 0 and 1", declared.From, declared.To)
	}
	least, at, err := leastGain(scores, labels, *declared)
	where := evidence.Measurement{Name: name + "_at", Value: evidence.Number(at), N: len(labels), Method: "the threshold of the least gain"}
	if err != nil {
		where.Value, where.Method = "", err.Error()
	}
	return []evidence.Measurement{count("decision_thresholds", looks, len(labels)), estimated(name, len(labels), least, err), where}, nil
}

// leastGain is the least gain over the better of treating all and none. The
// model is of use all over the range when it is at every threshold, so each
// needs only its own lower limit, and the least of those is one for all (an
// intersection-union test: Berger 1982, Technometrics 24:295). That it fails
// somewhere is a claim chosen among nine, so for the upper end each has a ninth
// of the error (Bonferroni).
func leastGain(scores []float64, labels []bool, declared v1alpha1.Range) (stats.Estimate, float64, error) {
	var least stats.Estimate
	where := declared.From
	for look := range looks {
		threshold := declared.From + float64(look)*(declared.To-declared.From)/(looks-1)
		own, err := gain(scores, labels, threshold, stats.Alpha)
		if err != nil {
			return least, where, err
		}
		shared, err := gain(scores, labels, threshold, stats.Alpha/looks)
		if err != nil {
			return least, where, err
		}
		own.both.High = shared.both.High
		if look == 0 {
			least = own.both
			continue
		}
		if own.both.Value < least.Value {
			where = threshold
		}
		least.Value, least.Low, least.High = min(least.Value, own.both.Value), min(least.Low, own.both.Low), min(least.High, own.both.High)
	}
	least.Method = fmt.Sprintf("least of %d thresholds from %v to %v, over the better of treat all and treat none; low of each, high by bonferroni", looks, declared.From, declared.To)
	return least, where, nil
}
