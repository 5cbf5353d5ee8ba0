package bias

import "github.com/mlops-clinical-trials/assay/evidence"

// suppress blanks what is told of a cohort of fewer than minCell patients, its
// size included. The cohort still counts in the gaps, and its rows in the whole:
// who is few is not therefore served well.
func suppress(measured []evidence.Measurement) []evidence.Measurement {
	few := make(map[string]bool)
	for _, m := range measured {
		if m.Name == "group_size" && m.N < minCell {
			few[m.Group] = true
		}
	}
	for i, m := range measured {
		if few[m.Group] {
			measured[i] = evidence.Measurement{Name: m.Name, Group: m.Group, Unit: m.Unit, Method: tooSmall}
		}
	}
	return measured
}
