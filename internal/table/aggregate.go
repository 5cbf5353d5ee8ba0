package table

import (
	"context"
	"database/sql"
	"math"
)

// NumberOf is the SQL for a column's value as [Number] reads it, NULL where it
// is no number. DuckDB alone would take 1_000, spaces, +-1 and infinity too,
// and a cast that fails is dear.
func NumberOf(column string) string {
	double := CastOf(column)
	return "CASE WHEN regexp_full_match(" + Quote(column) + ", '[+-]?[0-9.][0-9.eE+-]*') AND isfinite(" + double + ") THEN " + double + " END"
}

// CastOf is NumberOf for a column known to hold nothing but numbers, at a
// third of the price.
func CastOf(column string) string { return "TRY_CAST(" + Quote(column) + " AS DOUBLE)" }

// Aggregate asks the database for rows of numbers, few of them: NULL is NaN.
func (v *View) Aggregate(ctx context.Context, statement string) ([][]float64, error) {
	rows, err := v.database.QueryContext(ctx, statement)
	if err != nil {
		return nil, shorten(v.about(err), err)
	}
	defer rows.Close()
	answers, err := numbers(rows)
	if err != nil {
		return nil, shorten(v.about(err), err)
	}
	return answers, nil
}

func numbers(rows *sql.Rows) ([][]float64, error) {
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	values, targets := make([]sql.NullFloat64, len(columns)), make([]any, len(columns))
	for i := range values {
		targets[i] = &values[i]
	}
	var answers [][]float64
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		answer := make([]float64, len(values))
		for i, value := range values {
			if answer[i] = value.Float64; !value.Valid {
				answer[i] = math.NaN()
			}
		}
		answers = append(answers, answer)
	}
	return answers, rows.Err()
}
