package performance

import (
	"context"
	"slices"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/gates"
)

// serve asks about the patients of the holdout, over again where they are few:
// once, twice, five times and so on by powers of ten, for as long as the next
// such number is likely to be reached in time. So a little more or less time
// leaves the number as it is.
func (t *trial) serve(ctx context.Context, session gates.Session, asked requests, candidate gates.Candidate) {
	began := time.Now()
	for wanted := 1; len(t.took) < wanted && ctx.Err() == nil && time.Since(began) < askTime; {
		row := len(t.took) % asked.rows
		got := ask(ctx, session, asked.of(row))
		t.took = append(t.took, got.took)
		t.judge(got, candidate)
		if !got.agrees(candidate.Scores[row]) {
			t.inconsistent++
		}
		more := rounder(wanted)
		expected := time.Since(began) / time.Duration(len(t.took)) * time.Duration(more)
		if len(t.took) == wanted && more <= mostRequests && expected <= askTime {
			wanted = more
		}
	}
}

// rounder is the next 1, 2 or 5 times a power of ten above another one.
func rounder(number int) int {
	power := 1
	for power*10 <= number {
		power *= 10
	}
	if number == 2*power {
		return 5 * power
	}
	return number * 2
}

// judge counts an answer that no patient can have. A binary model whose scores
// are probabilities gives probabilities to everybody.
func (t *trial) judge(got answer, candidate gates.Candidate) {
	probability := candidate.Model.Spec.Task == v1alpha1.Binary && !slices.ContainsFunc(candidate.Scores, func(score float64) bool {
		return score < 0 || score > 1
	})
	if got.invalid(probability) {
		t.invalid++
	}
}
