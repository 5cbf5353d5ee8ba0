package table

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
)

// Bounds on what is held in memory. A holdout that exceeds them is a query for
// a [View].
const (
	maxRows  = 5_000_000
	maxBytes = 2 << 30
)

// perValue is what a string costs beside its bytes.
const perValue = 16

// Read holds a CSV or Parquet file in memory.
func Read(ctx context.Context, path string) (*Frame, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > maxBytes {
		return nil, fmt.Errorf("%s: %d bytes are more than the %d a table may hold in memory", filepath.Base(path), info.Size(), maxBytes)
	}
	view, err := Open(ctx, Source{Name: "data", Path: path})
	if err != nil {
		return nil, err
	}
	defer view.Close()
	return view.Frame(ctx, "data")
}

// Frame holds one file of the view in memory.
func (v *View) Frame(ctx context.Context, name string) (*Frame, error) {
	file, has := v.files[name]
	if !has {
		return nil, fmt.Errorf("there is no view %q", name)
	}
	rows, err := v.database.QueryContext(ctx, "SELECT * FROM "+Quote(name))
	if err != nil {
		return nil, shorten(file.name, err)
	}
	defer rows.Close()
	frame, err := collect(rows, file)
	if err != nil {
		return nil, shorten(file.name, err)
	}
	return frame, nil
}

func collect(rows *sql.Rows, file file) (*Frame, error) {
	columns := make([][]string, len(file.columns))
	values := make([]sql.NullString, len(columns))
	targets := make([]any, len(columns))
	for i := range values {
		targets[i] = &values[i]
	}
	count, bytes := 0, 0
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		count++
		for i, value := range values {
			columns[i] = append(columns[i], value.String)
			bytes += len(value.String) + perValue
		}
		if count > maxRows || bytes > maxBytes {
			return nil, fmt.Errorf("more than %d rows or %d bytes: too large to hold in memory", maxRows, maxBytes)
		}
	}
	frame := &Frame{file: file.name, columns: file.columns, texts: make(map[string][]string, len(columns)), rows: count}
	for i, name := range file.columns {
		frame.texts[name] = columns[i]
	}
	return frame, rows.Err()
}
