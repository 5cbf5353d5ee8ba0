package performance

import (
	"context"
	"slices"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/gates"
)

// mistreat asks about the first patient without one feature after the other,
// without any, and with what is no number where one belongs.
func (t *trial) mistreat(ctx context.Context, session gates.Session, asked requests, candidate gates.Candidate) {
	began := time.Now()
	try := func(request map[string]string, into *counted) {
		if ctx.Err() != nil || time.Since(began) > askTime {
			return
		}
		got := ask(ctx, session, request)
		if t.judge(got, candidate); got.refused != nil {
			into.refused++
		} else {
			into.answered++
		}
	}
	for _, feature := range asked.features {
		request := asked.of(0)
		delete(request, feature)
		try(request, &t.missing)
	}
	try(map[string]string{}, &t.missing)
	for _, feature := range numbers(candidate) {
		for _, text := range []string{"NaN", "Inf", "no number"} {
			request := asked.of(0)
			request[feature] = text
			try(request, &t.garbage)
		}
	}
}

// numbers are the features that the contract says are numbers.
func numbers(candidate gates.Candidate) []string {
	return slices.DeleteFunc(slices.Clone(candidate.Model.Spec.Features), func(feature string) bool {
		return !slices.ContainsFunc(candidate.Dataset.Spec.Columns, func(column v1alpha1.Column) bool {
			return column.Name == feature && (column.Type == "number" || column.Type == "integer")
		})
	})
}
