package table

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// query selects the rows of the file as text, missing values as NULL.
func (f file) query() string {
	if f.parquet {
		return f.parquetQuery()
	}
	return f.csvQuery()
}

// bufferSize is what DuckDB reads of a CSV file at once, in bytes; a thread
// keeps several. Its own 32 MB are more than a small bound on memory.
const bufferSize = 4 << 20

// csvQuery leaves nothing to detection except the line end.
func (f file) csvQuery() string {
	columns := make([]string, len(f.columns))
	for i, name := range f.columns {
		columns[i] = Text(name) + ": 'VARCHAR'"
	}
	return "SELECT * FROM read_csv(" + Text(f.path) + ", columns = {" + strings.Join(columns, ", ") + "}, " +
		`auto_detect = false, header = true, strict_mode = true, delim = ',', quote = '"', escape = '"', comment = '', ` +
		`nullstr = ['', 'NA'], compression = 'none', encoding = 'utf-8', hive_partitioning = false, buffer_size = ` + strconv.Itoa(bufferSize) + ")"
}

func (f file) parquetQuery() string {
	columns := make([]string, len(f.columns))
	for i, name := range f.columns {
		quoted := Quote(name)
		columns[i] = "nullif(nullif(CAST(" + quoted + " AS VARCHAR), ''), 'NA') AS " + quoted
	}
	return "SELECT " + strings.Join(columns, ", ") + " FROM " + f.readParquet()
}

func (f file) readParquet() string {
	return "read_parquet(" + Text(f.path) + ", hive_partitioning = false)"
}

// parquetColumns reads the names from the file's footer, and refuses columns
// that are no table's: nested values and bytes.
func (v *View) parquetColumns(ctx context.Context, found file) ([]string, error) {
	rows, err := v.database.QueryContext(ctx, "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM "+found.readParquet()+")")
	if err != nil {
		return nil, shorten(found.name, err)
	}
	defer rows.Close()
	var columns []string
	for rows.Next() {
		var name, kind string
		if err := rows.Scan(&name, &kind); err != nil {
			return nil, shorten(found.name, err)
		}
		if kind == "BLOB" || strings.ContainsAny(kind, "([") && !strings.HasPrefix(kind, "DECIMAL") && !strings.HasPrefix(kind, "ENUM") {
			return nil, fmt.Errorf("%s: column %q: values of type %.40s are neither text nor numbers", found.name, name, kind)
		}
		columns = append(columns, name)
	}
	if err := rows.Err(); err != nil {
		return nil, shorten(found.name, err)
	}
	if err := checkNames(columns); err != nil {
		return nil, fmt.Errorf("%s: header: %w", found.name, err)
	}
	return columns, nil
}
