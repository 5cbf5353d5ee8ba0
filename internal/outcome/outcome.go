package outcome

import (
	"fmt"
	"math"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

// Outcome is what happened to the patients, row by row.
type Outcome struct {
	Event []bool    // it happened; in survival, false is censored
	Time  []float64 // survival: follow-up
}

// Holdout reads the outcome that the contract declares for a task. It demands
// one score for every row.
func Holdout(holdout Table, task v1alpha1.Task, contract v1alpha1.DatasetSpec, scores int) (Outcome, error) {
	if holdout.Rows() != scores {
		return Outcome{}, fmt.Errorf("%s: %d rows, but %d scores", holdout.File, holdout.Rows(), scores)
	}
	switch task {
	case v1alpha1.Binary:
		return holdout.Binary(contract.Label)
	case v1alpha1.Survival:
		return holdout.Survival(contract.Time, contract.Event)
	default:
		return Outcome{}, fmt.Errorf("task %q is neither %s nor %s", task, v1alpha1.Binary, v1alpha1.Survival)
	}
}

// CheckThreshold refuses a decision threshold that no score can be compared
// with: it is finite, and where all scores lie between 0 and 1, so does it.
// Risk scores on another scale have thresholds of that scale.
func CheckThreshold(threshold float64, scores []float64) error {
	if math.IsNaN(threshold) || math.IsInf(threshold, 0) {
		return fmt.Errorf("the decision threshold %v is not a finite number", threshold)
	}
	if threshold > 0 && threshold < 1 {
		return nil
	}
	for _, score := range scores {
		if score < 0 || score > 1 {
			return nil
		}
	}
	return fmt.Errorf("the decision threshold %v is not between 0 and 1, as the scores are", threshold)
}
