package bias

import (
	"cmp"
	"errors"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// minCell is the fewest patients of whom a number may be told: CMS, cell size
// suppression policy, forbids to publish cells of 1 to 10.
const minCell = 11

// errHidden is said alike of cohorts that are small and of those that would
// give a small one away.
var errHidden = errors.New("not told: fewer than 11 patients, here or in a cohort that this one would give away")

// hide hides the cohorts of fewer than minCell patients. How many patients
// there are in all is no secret, so the cohorts that are told give away the sum
// of those that are hidden: the next smallest is hidden too, until they are at
// least two and their sum is no small cell (complementary suppression: Cox 1980,
// JASA 75:377).
func hide(named []cohort) {
	bySize := make([]*cohort, len(named))
	for i := range named {
		bySize[i] = &named[i]
	}
	slices.SortStableFunc(bySize, func(a, b *cohort) int { return cmp.Compare(len(a.rows), len(b.rows)) })
	hidden, patients := 0, 0
	for _, next := range bySize {
		if len(next.rows) >= minCell && (hidden == 0 || hidden > 1 && patients >= minCell) {
			return
		}
		next.hidden = true
		hidden, patients = hidden+1, patients+len(next.rows)
	}
}

// blank keeps the names of what would have been told.
func blank(measured []evidence.Measurement) []evidence.Measurement {
	for i, m := range measured {
		measured[i] = evidence.Measurement{Name: m.Name, Group: m.Group, Unit: m.Unit, Method: errHidden.Error()}
	}
	return measured
}
