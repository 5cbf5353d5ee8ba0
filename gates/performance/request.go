package performance

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// requests are what a server would be asked: the features of patients of the
// holdout, one at a time, and nothing else of them.
type requests struct {
	features []string
	texts    map[string][]string
	rows     int
}

func newRequests(holdout *table.Frame, features []string) (requests, error) {
	made := requests{features: features, texts: map[string][]string{}, rows: holdout.Rows()}
	for _, feature := range features {
		if !holdout.Has(feature) { // then it is missing in every request
			continue
		}
		texts, err := holdout.Texts(feature)
		if err != nil {
			return requests{}, fmt.Errorf("reading the holdout: %w", err)
		}
		made.texts[feature] = texts
	}
	return made, nil
}

// of is the request of a row.
func (r requests) of(row int) map[string]string {
	request := make(map[string]string, len(r.features))
	for feature, texts := range r.texts {
		request[feature] = texts[row]
	}
	return request
}

// answer is what became of a request.
type answer struct {
	score    float64
	refused  error
	panicked bool
	took     time.Duration
}

// patience is how long one request may take: nobody waits longer at a bedside.
const patience = 10 * time.Second

// ask asks once. A session is somebody else's program: where it panics, that is
// its answer.
func ask(ctx context.Context, session gates.Session, request map[string]string) (got answer) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	started := time.Now()
	defer func() {
		got.took = time.Since(started)
		got.panicked = recover() != nil
	}()
	got.score, got.refused = session.Predict(ctx, request)
	return got
}

// invalid holds for an answer that no patient can have: a program that fell
// over, a score that is not finite, or a probability outside [0, 1].
func (a answer) invalid(probability bool) bool {
	switch {
	case a.panicked:
		return true
	case a.refused != nil:
		return false
	}
	return math.IsNaN(a.score) || math.IsInf(a.score, 0) || probability && (a.score < 0 || a.score > 1)
}

// parity is by how much two runtimes may differ in a score of order 1: a
// library adds the rows of a matrix in another order than one row alone.
const parity = 1e-6

// agrees compares an answer with the score that the same row got in the file.
func (a answer) agrees(score float64) bool {
	return !a.panicked && a.refused == nil && math.Abs(a.score-score) <= parity*max(1, math.Abs(score))
}
