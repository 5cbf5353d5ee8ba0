package trainer

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/mlops-clinical-trials/assay/internal/table"
)

// maxScoreText bounds one line of a score file; the longest float64 that
// programs usually print has 24 characters.
const maxScoreText = 128

// errNotFinite is an answer that is no number; a program gave it and ended well.
var errNotFinite = errors.New("is not a finite number")

// ReadScores reads a score file: the header "score", then one finite number a
// line, as many as there are rows. With the header "score,risk" each line holds
// two, the second a probability. A line too many is read no further.
func ReadScores(file io.Reader, rows int) (Prediction, error) {
	lines := bufio.NewScanner(file)
	lines.Buffer(make([]byte, 0, maxScoreText), maxScoreText)
	lines.Scan()
	header := strings.TrimSpace(lines.Text())
	if header != "score" && header != "score,risk" {
		return Prediction{}, fmt.Errorf(`scores: the first line is not "score", nor "score,risk"`)
	}
	var read Prediction
	for lines.Scan() {
		if len(read.Scores) == rows {
			return Prediction{}, fmt.Errorf("scores: more than the %d rows that were asked about", rows)
		}
		if err := read.add(lines.Text(), header != "score"); err != nil {
			return Prediction{}, fmt.Errorf("scores: row %d: %w", len(read.Scores)+1, err)
		}
	}
	if err := lines.Err(); err != nil {
		return Prediction{}, fmt.Errorf("scores: row %d: %w", len(read.Scores)+1, err)
	}
	return read, checkScores(read.Scores, rows, "scores")
}

// add reads one line.
func (p *Prediction) add(line string, withRisk bool) error {
	text, second, two := strings.Cut(line, ",")
	if two != withRisk {
		return fmt.Errorf("%.40q does not have the columns of the first line", line)
	}
	score, ok := table.Number(strings.TrimSpace(text))
	if !ok {
		return fmt.Errorf("%.40q %w", text, errNotFinite)
	}
	if withRisk {
		risk, ok := table.Number(strings.TrimSpace(second))
		if !ok || risk < 0 || risk > 1 {
			return fmt.Errorf("risk %.40q is not a probability", second)
		}
		p.Risks = append(p.Risks, risk)
	}
	p.Scores = append(p.Scores, score)
	return nil
}

// checkScores holds the answer of every trainer to the contract.
func checkScores(scores []float64, rows int, file string) error {
	if len(scores) != rows {
		return fmt.Errorf("%s: row %d has no score: %d scores for %d rows", file, len(scores)+1, len(scores), rows)
	}
	for row, score := range scores {
		if math.IsNaN(score) || math.IsInf(score, 0) {
			return &table.Fault{File: file, Row: row + 1, Wrong: fmt.Sprintf("score %v is not finite", score)}
		}
	}
	return nil
}
