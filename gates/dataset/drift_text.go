package dataset

import (
	"fmt"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

var textMeasures = []string{
	"chi_square", "chi_square_p_value", "psi", "js_distance", "cramers_v", "psi_null_95", "drift_power", "drift_rows_needed",
}

// tabulate counts present values, one bin per distinct value, in order of
// first appearance.
func tabulate(c column) histogram {
	var counted histogram
	index := map[string]int{}
	for i, texts := range [][]string{c.current, c.reference} {
		for _, text := range texts {
			if text == "" {
				continue
			}
			if value, ok := table.Number(text); ok && c.numeric() {
				text = string(evidence.Number(value)) // 1.0 is 1
			}
			at, known := index[text]
			if !known {
				at = len(index)
				index[text] = at
				counted.current = append(counted.current, 0)
				counted.reference = append(counted.reference, 0)
			}
			if i == 0 {
				counted.current[at]++
			} else {
				counted.reference[at]++
			}
		}
	}
	return counted
}

func textDrift(c column) []evidence.Measurement {
	counted := tabulate(c)
	if sum(counted.current) == 0 || sum(counted.reference) == 0 {
		return allUnmeasured(c.name, textMeasures, "a sample has no values")
	}
	found := append(chiSquare(c.name, counted), binned(c.name, counted, "one bin per level")...)
	return append(found, textPower(c.name, counted)...)
}

func chiSquare(name string, counted histogram) []evidence.Measurement {
	test, method := stats.ChiSquareTest{P: 1}, "all values are equal"
	if len(counted.current) > 1 {
		var err error
		if test, err = stats.ChiSquare([][]int{counted.current, counted.reference}); err != nil {
			return allUnmeasured(name, textMeasures[:2], err.Error())
		}
		method = fmt.Sprintf("Pearson, %d degrees of freedom, smallest expected count %.1f", test.DegreesOfFreedom, test.SmallestExpected)
	}
	return []evidence.Measurement{
		{Name: "chi_square", Group: name, Value: evidence.Number(test.Statistic), N: counted.total(), Method: method},
		{Name: "chi_square_p_value", Group: name, Value: evidence.Number(test.P), N: counted.total(), Method: method},
	}
}
