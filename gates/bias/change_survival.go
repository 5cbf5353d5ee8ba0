package bias

import (
	"crypto/sha256"
	"fmt"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// SurvivalChanges compares the candidate with the champion within each cohort:
// how much the concordance index rises or falls. Each cohort is resampled by a
// seed of its own, made of the one given. Without a champion the only
// measurement is champions, 0.
func SurvivalChanges(scores, champion, time []float64, event []bool, seed [32]byte, attributes []Attribute) ([]evidence.Measurement, error) {
	if len(champion) == 0 {
		return []evidence.Measurement{champions(0, len(event))}, nil
	}
	if _, err := stats.Harrell(scores, time, event); err != nil {
		return nil, fmt.Errorf("scores: %w", err)
	}
	if _, err := stats.Harrell(champion, time, event); err != nil {
		return nil, fmt.Errorf("champion's scores: %w", err)
	}
	return changed(attributes, len(event), "c_index_change", func(c cohort) change {
		compared := change{name: c.name}
		if c.hidden {
			compared.err = errHidden
			return compared
		}
		own := sha256.Sum256(append(seed[:], c.name...))
		difference, err := stats.HarrellDifference(pick(scores, c), pick(champion, c), pick(time, c), pick(event, c), own)
		compared.n, compared.Estimate, compared.err = len(c.rows), difference.Estimate, err
		return compared
	})
}
