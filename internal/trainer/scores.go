package trainer

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/mlops-clinical-trials/assay/internal/table"
)

// maxScoreText bounds one line of a score file; the longest float64 that
// programs usually print has 24 characters.
const maxScoreText = 128

// ReadScores reads a score file: the header "score", then one finite number a
// line, as many as there are rows. A number too many is read no further.
func ReadScores(file io.Reader, rows int) ([]float64, error) {
	lines := bufio.NewScanner(file)
	lines.Buffer(make([]byte, 0, maxScoreText), maxScoreText)
	if !lines.Scan() || strings.TrimSpace(lines.Text()) != "score" {
		return nil, fmt.Errorf(`scores: the first line is not "score"`)
	}
	var scores []float64
	for lines.Scan() {
		if len(scores) == rows {
			return nil, fmt.Errorf("scores: more than the %d rows that were asked about", rows)
		}
		value, ok := table.Number(strings.TrimSpace(lines.Text()))
		if !ok {
			return nil, fmt.Errorf("scores: row %d: %.40q is not a finite number", len(scores)+1, lines.Text())
		}
		scores = append(scores, value)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("scores: row %d: %w", len(scores)+1, err)
	}
	return scores, checkScores(scores, rows, "scores")
}

// checkScores holds the answer of every trainer to the contract.
func checkScores(scores []float64, rows int, file string) error {
	if len(scores) != rows {
		return fmt.Errorf("%s: row %d has no score: %d scores for %d rows", file, len(scores)+1, len(scores), rows)
	}
	for row, score := range scores {
		if math.IsNaN(score) || math.IsInf(score, 0) {
			return fmt.Errorf("%s: row %d: score %v is not finite", file, row+1, score)
		}
	}
	return nil
}
