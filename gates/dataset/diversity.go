package dataset

import (
	"context"
	"math"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// diversity asks whether a group that is large enough to hide in still gives
// its members away: where all patients of one cohort and decade of age had the
// same outcome, who is known to be in it is known to have had it
// (l-diversity; Machanavajjhala 2007, ACM TKDD 1:3). An outcome is an event or
// none, so that the least number of distinct ones is 1 or 2.
func diversity(_ context.Context, s *study) ([]evidence.Measurement, error) {
	label, has := s.label()
	if !has || !s.everywhere(label.name) {
		return nil, nil
	}
	coarse, err := s.coarse()
	if err != nil {
		return nil, err
	}
	cells := coarse[2]
	if len(s.quasiIdentifiers().traits) == 0 {
		cells = s.undivided(label)
	}
	found := []evidence.Measurement{count("uniform_cells", "", cells.large-cells.mixed, cells.large)}
	if cells.large == 0 {
		return append(found, unmeasured("least_diversity", "", "no cell has 11 patients")), nil
	}
	least := 1
	if cells.mixed == cells.large {
		least = 2
	}
	return append(found, count("least_diversity", "", least, cells.large)), nil
}

// undivided is the one cell of all patients, of whom nothing is known.
func (s *study) undivided(label column) groups {
	var cell groups
	lowest, highest := math.Inf(1), math.Inf(-1)
	for i := range s.samples {
		if number := s.counted[claim{"minimum", label.name}][i]; number == number {
			lowest, highest = min(lowest, number), max(highest, s.counted[claim{"maximum", label.name}][i])
		}
	}
	if s.rows() >= smallCell && lowest <= highest {
		cell.large = 1
	}
	if cell.large == 1 && lowest < highest {
		cell.mixed = 1
	}
	return cell
}
