package bias

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

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

// positivesForRanking is how many patients with the event each of two cohorts
// needs so that the interval of their concordance gap, around 0, ends at the
// margin: the variance falls as their number grows. One cohort of that many
// has the variance that was seen.
func positivesForRanking(seen stats.Ranking, positives int) int {
	critical := distuv.UnitNormal.Quantile(1 - stats.Alpha/2)
	spread := 2 * seen.Variance * critical * critical
	return int(math.Ceil(float64(positives) * spread / (marginRanking * marginRanking)))
}

// sized is a cohort as it is counted.
type sized struct{ patients, positives int }

func sizes(table []decided) []sized {
	counted := make([]sized, len(table))
	for i, d := range table {
		counted[i] = sized{d.N(), d.Positives()}
	}
	return counted
}

// fewest is the cohort with the fewest patients with the event. A hidden one
// counts as nobody, for what it lacks would give it away.
func fewest(table []sized) sized {
	smallest := table[0]
	for _, one := range table {
		if one.positives < smallest.positives {
			smallest = one
		}
	}
	return smallest
}

// needed tells how many more patients the smallest cohort needs before a gap
// can be settled, when wanted ones with the event would: those with the event,
// and all among whom so many have it. Where nobody in that cohort has it, as
// many are taken to have it as in the whole.
func needed(table []sized, column string, whole sized, wanted int, why string) []evidence.Measurement {
	positives := evidence.Measurement{Name: "positives_needed", Group: column, Unit: "patients", Method: tooFew}
	patients := evidence.Measurement{Name: "patients_needed", Group: column, Unit: "patients", Method: tooFew}
	if len(table) < 2 {
		return []evidence.Measurement{positives, patients}
	}
	smallest := fewest(table)
	more := max(0, wanted-smallest.positives)
	positives.Value, positives.N = evidence.Count(more), smallest.positives
	positives.Method = fmt.Sprintf("%s, less the %d of the smallest cohort", why, smallest.positives)
	patients.N = smallest.patients
	of, place := smallest, "the smallest cohort"
	if of.positives == 0 {
		of, place = whole, "the whole"
	}
	patients.Value = evidence.Count((more*of.patients + of.positives - 1) / of.positives)
	patients.Method = fmt.Sprintf("positives_needed over the share of events in %s, %d of %d", place, of.positives, of.patients)
	return []evidence.Measurement{positives, patients}
}

// decisionsNeeded is needed for a gap in sensitivity.
func decisionsNeeded(table []decided, column string, overall stats.Confusion) ([]evidence.Measurement, error) {
	sensitivity, err := overall.Sensitivity().Value()
	if err != nil {
		return nil, err
	}
	wanted, err := positivesFor(sensitivity)
	if err != nil {
		return nil, err
	}
	why := fmt.Sprintf("80 %% power for a sensitivity gap of 0.10 at %.3f", sensitivity)
	return needed(sizes(table), column, sized{overall.N(), overall.Positives()}, wanted, why), nil
}

// fewestPositives is how many patients with the event the smallest cohort has.
// Where a cohort is hidden, the smallest has fewer than minCell patients, and
// so at most minCell-1 of them have the event: more is not told.
func fewestPositives(table []sized, column string, hidden bool) evidence.Measurement {
	switch {
	case len(table) == 0:
		return evidence.Measurement{Name: "fewest_positives", Group: column, Unit: "patients", Method: noCohort}
	case hidden:
		return evidence.Measurement{Name: "fewest_positives", Group: column, Unit: "patients", Value: evidence.Count(minCell - 1),
			Method: fmt.Sprintf("at most: a cohort has fewer than %d patients, and is not told", minCell)}
	}
	smallest := fewest(table)
	measured := count("fewest_positives", column, smallest.positives, smallest.patients)
	measured.Unit = "patients"
	return measured
}
