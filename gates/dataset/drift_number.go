package dataset

import (
	"errors"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// numberMeasures are what is said of each number column, measured or not.
var numberMeasures = []string{
	"ks", "ks_p_value", "mann_whitney_u", "mann_whitney_p_value", "wasserstein", "psi", "js_distance",
	"ks_null_95", "psi_null_95", "drift_power", "drift_rows_needed",
}

// numberDrift compares present values. mann_whitney_u counts the pairs in
// which the current value is the larger one, ties half.
func numberDrift(c column) []evidence.Measurement {
	current, currentGarbage := present(c.current)
	reference, referenceGarbage := present(c.reference)
	switch garbage := currentGarbage + referenceGarbage; {
	case garbage > 0:
		return allUnmeasured(c.name, numberMeasures, notNumbers(garbage))
	case len(current) == 0 || len(reference) == 0:
		return allUnmeasured(c.name, numberMeasures, "a sample has no values")
	}
	n := len(current) + len(reference)
	found := append(kolmogorov(c.name, current, reference), location(c.name, current, reference)...)
	if distance, err := stats.Wasserstein(current, reference); err != nil {
		found = append(found, unmeasured("wasserstein", c.name, err.Error()))
	} else {
		found = append(found, evidence.Measurement{Name: "wasserstein", Group: c.name, Value: evidence.Number(distance), N: n, Unit: unit(c)})
	}
	deciles, bins := decileDrift(c, current, reference)
	return append(append(found, deciles...), numberPower(c.name, len(current), len(reference), bins)...)
}

func present(texts []string) (values []float64, garbage int) {
	for _, text := range texts {
		value, ok := table.Number(text)
		switch {
		case ok:
			values = append(values, value)
		case text != "":
			garbage++
		}
	}
	return values, garbage
}

func allUnmeasured(name string, measures []string, why string) []evidence.Measurement {
	var found []evidence.Measurement
	for _, measure := range measures {
		found = append(found, unmeasured(measure, name, why))
	}
	return found
}

func kolmogorov(name string, current, reference []float64) []evidence.Measurement {
	test, err := stats.KolmogorovSmirnov(current, reference)
	if err != nil {
		return allUnmeasured(name, numberMeasures[:2], err.Error())
	}
	n := len(current) + len(reference)
	return []evidence.Measurement{
		{Name: "ks", Group: name, Value: evidence.Number(test.D), N: n},
		{Name: "ks_p_value", Group: name, Value: evidence.Number(test.P), N: n, Method: "Kolmogorov, asymptotic"},
	}
}

func location(name string, current, reference []float64) []evidence.Measurement {
	pairs := float64(len(current)) * float64(len(reference))
	method := "normal, corrected for ties and continuity"
	test, err := stats.MannWhitney(current, reference)
	if errors.Is(err, stats.ErrConstant) {
		// Every relabelling of equal values gives the same U.
		test, err = stats.MannWhitneyTest{U: pairs / 2, P: 1}, nil
		method = "all values are equal"
	}
	if err != nil {
		return allUnmeasured(name, numberMeasures[2:4], err.Error())
	}
	n := len(current) + len(reference)
	return []evidence.Measurement{
		{Name: "mann_whitney_u", Group: name, Value: evidence.Number(test.U), N: n},
		{Name: "mann_whitney_p_value", Group: name, Value: evidence.Number(test.P), N: n, Method: method},
	}
}

// decileDrift bins by the reference alone: were the current values allowed to
// move the edges, a large shift would hide itself. A reference of one or two
// values has no deciles; all is in one bin then, and both distances are 0 by
// convention. What they cannot see, psi_by_value measures.
func decileDrift(c column, current, reference []float64) (found []evidence.Measurement, bins int) {
	edges, err := stats.Deciles(reference)
	if err != nil {
		return allUnmeasured(c.name, numberMeasures[5:7], err.Error()), 0
	}
	var counts histogram
	if counts.current, err = stats.BinCounts(current, edges); err == nil {
		counts.reference, err = stats.BinCounts(reference, edges)
	}
	switch {
	case err != nil:
		return allUnmeasured(c.name, numberMeasures[5:7], err.Error()), 0
	case len(edges) > 0:
		return binned(c.name, counts, "deciles of the reference"), len(edges) + 1
	}
	counts = tabulate(c)
	byValue := distance("psi_by_value", c.name, stats.PSI, counts, "one bin per value")
	return append(binned(c.name, histogram{[]int{len(current)}, []int{len(reference)}}, "the reference has no deciles: one bin"), byValue), len(counts.current)
}

func unit(c column) string {
	if c.promise == nil {
		return ""
	}
	return c.promise.Unit
}
