package table

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	_ "github.com/duckdb/duckdb-go/v2" // registers the driver "duckdb"
)

// Source is a file and the name that SQL gives it.
type Source struct {
	Name string
	Path string
}

// View is an in-memory database with one view per file. All columns are text,
// missing values are NULL, and names are those of the file.
type View struct {
	database *sql.DB
	files    map[string]file
}

// file is what is known of a source before its rows are read.
type file struct {
	name    string // for messages
	path    string // absolute
	columns []string
	parquet bool
}

// Open makes a database over the files. Nothing but these files can be read
// through it, and nothing can be written. Close it after use.
func Open(ctx context.Context, sources ...Source) (*View, error) {
	files := make(map[string]file, len(sources))
	var paths []string
	for _, source := range sources {
		found, err := inspect(source.Path)
		if err != nil {
			return nil, err
		}
		files[source.Name] = found
		paths = append(paths, text(found.path))
	}
	database, err := sql.Open("duckdb", "")
	if err != nil {
		return nil, fmt.Errorf("starting duckdb: %w", err)
	}
	// Every connection of the pool would be its own empty database.
	database.SetMaxOpenConns(1)
	view := &View{database: database, files: files}
	if err := view.prepare(ctx, sources, paths); err != nil {
		database.Close()
		return nil, err
	}
	return view, nil
}

// confinement bounds memory and closes every way out. The order matters: the
// last two statements make the ones before them final.
// https://duckdb.org/docs/stable/operations_manual/securing_duckdb/overview
var confinement = []string{
	"SET memory_limit = '2GiB'",
	"SET threads = 2",
	"SET temp_directory = ''",
	"SET autoinstall_known_extensions = false",
	"SET autoload_known_extensions = false",
	"SET enable_external_access = false",
	"SET lock_configuration = true",
}

func (v *View) prepare(ctx context.Context, sources []Source, paths []string) error {
	allow := "SET allowed_paths = [" + strings.Join(paths, ", ") + "]"
	for _, statement := range append([]string{allow}, confinement...) {
		if _, err := v.database.ExecContext(ctx, statement); err != nil {
			return shorten(v.names(), err)
		}
	}
	for _, source := range sources {
		if err := v.create(ctx, source.Name); err != nil {
			return err
		}
	}
	return nil
}

func (v *View) create(ctx context.Context, name string) error {
	found := v.files[name]
	if found.parquet {
		columns, err := v.parquetColumns(ctx, found)
		if err != nil {
			return err
		}
		found.columns = columns
		v.files[name] = found
	}
	if _, err := v.database.ExecContext(ctx, "CREATE VIEW "+Quote(name)+" AS "+found.query()); err != nil {
		return shorten(found.name, err)
	}
	return nil
}

// Count asks the database for one whole number; names of views and columns in
// the statement belong in [Quote].
func (v *View) Count(ctx context.Context, statement string, arguments ...any) (int, error) {
	var count int
	if err := v.database.QueryRowContext(ctx, statement, arguments...).Scan(&count); err != nil {
		return 0, shorten(v.names(), err)
	}
	return count, nil
}

// Close frees the database.
func (v *View) Close() error { return v.database.Close() }

func (v *View) names() string {
	var names []string
	for _, found := range v.files {
		names = append(names, found.name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// Quote makes an SQL identifier of any name.
func Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// text makes an SQL string of any text.
func text(value string) string { return "'" + strings.ReplaceAll(value, "'", "''") + "'" }
