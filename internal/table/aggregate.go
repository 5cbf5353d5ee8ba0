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
	var answers [][]float64
	err := v.scan(ctx, statement, func(rows *sql.Rows, width int) error {
		values, targets := make([]sql.NullFloat64, width), make([]any, width)
		for i := range values {
			targets[i] = &values[i]
		}
		for rows.Next() {
			if err := rows.Scan(targets...); err != nil {
				return err
			}
			answer := make([]float64, width)
			for i, value := range values {
				if answer[i] = value.Float64; !value.Valid {
					answer[i] = math.NaN()
				}
			}
			answers = append(answers, answer)
		}
		return nil
	})
	return answers, err
}

// Each shows the texts of one row after the other, missing ones as "". The
// slice is the same every time.
func (v *View) Each(ctx context.Context, statement string, visit func(texts []string)) error {
	return v.scan(ctx, statement, func(rows *sql.Rows, width int) error {
		values, targets, texts := make([]sql.NullString, width), make([]any, width), make([]string, width)
		for i := range values {
			targets[i] = &values[i]
		}
		for rows.Next() {
			if err := rows.Scan(targets...); err != nil {
				return err
			}
			for i, value := range values {
				texts[i] = value.String
			}
			visit(texts)
		}
		return nil
	})
}

func (v *View) scan(ctx context.Context, statement string, read func(rows *sql.Rows, width int) error) error {
	rows, err := v.database.QueryContext(ctx, statement)
	if err != nil {
		return shorten(v.about(err), err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err == nil {
		err = read(rows, len(columns))
	}
	if err == nil {
		err = rows.Err()
	}
	if err != nil {
		return shorten(v.about(err), err)
	}
	return nil
}
