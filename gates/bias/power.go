package bias

import (
	"fmt"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// settledGap is the gap in sensitivity that must not go unseen.
const settledGap = 0.10

// power is the chance to see it.
const power = 0.80

// positivesFor is how many positive patients each cohort needs so that a
// two-sided 5 % test of two proportions sees a gap of 0.10 with 80 % power. The
// other sensitivity lies 0.10 towards one half, where rates vary most. At a
// sensitivity of 0.85 it is 248.
func positivesFor(sensitivity float64) (int, error) {
	other := sensitivity - settledGap
	if sensitivity < 0.5 {
		other = sensitivity + settledGap
	}
	return stats.SizeForRates(sensitivity, other, power)
}

// needed tells how many more patients the smallest cohort needs before a gap
// in sensitivity can be settled: those with the event, and all among whom so
// many have it.
func needed(table []decided, column string, sensitivity float64) []evidence.Measurement {
	positives := evidence.Measurement{Name: "positives_needed", Group: column, Unit: "patients", Method: tooFew}
	patients := evidence.Measurement{Name: "patients_needed", Group: column, Unit: "patients", Method: tooFew}
	if len(table) < 2 {
		return []evidence.Measurement{positives, patients}
	}
	smallest := table[0]
	for _, d := range table {
		if d.Positives() < smallest.Positives() {
			smallest = d
		}
	}
	wanted, err := positivesFor(sensitivity)
	if err != nil {
		positives.Method, patients.Method = err.Error(), err.Error()
		return []evidence.Measurement{positives, patients}
	}
	fewest := smallest.Positives()
	more := max(0, wanted-fewest)
	positives.Value, positives.N = evidence.Count(more), fewest
	positives.Method = fmt.Sprintf("80 %% power for a sensitivity gap of 0.10 at %.3f, less the %d of the smallest cohort", sensitivity, fewest)
	patients.N = smallest.N()
	if fewest == 0 {
		patients.Method = "nobody in the smallest cohort has the event: 0/0"
		return []evidence.Measurement{positives, patients}
	}
	patients.Value = evidence.Count((more*smallest.N() + fewest - 1) / fewest)
	patients.Method = fmt.Sprintf("positives_needed over the share of events in the smallest cohort, %d of %d", fewest, smallest.N())
	return []evidence.Measurement{positives, patients}
}
