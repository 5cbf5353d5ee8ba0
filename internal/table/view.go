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
	memory   int // what it may hold, in bytes
	files    map[string]file
}

// file is what is known of a source before its rows are read.
type file struct {
	name    string // for messages
	path    string // absolute
	columns []string
	parquet bool
}

// Memory is what the database of [Open] may hold, in bytes.
const Memory = 2 << 30

// Open makes a database over the files. Nothing but these files can be read
// through it, and nothing can be written. Close it after use.
func Open(ctx context.Context, sources ...Source) (*View, error) {
	return OpenWithin(ctx, Memory, sources...)
}

// OpenWithin is Open with another bound on memory, in bytes. A question that
// needs more is an error; nothing is spilled to disk, where patients would
// stay behind.
func OpenWithin(ctx context.Context, memory int, sources ...Source) (*View, error) {
	files := make(map[string]file, len(sources))
	var paths []string
	for _, source := range sources {
		found, err := inspect(source.Path)
		if err != nil {
			return nil, err
		}
		files[source.Name] = found
		paths = append(paths, Text(found.path))
	}
	database, err := sql.Open("duckdb", "")
	if err != nil {
		return nil, fmt.Errorf("starting duckdb: %w", err)
	}
	// Every connection of the pool would be its own empty database.
	database.SetMaxOpenConns(1)
	view := &View{database: database, memory: memory, files: files}
	if err := view.prepare(ctx, sources, paths); err != nil {
		database.Close()
		return nil, err
	}
	return view, nil
}

// confinement closes every way out. The order matters: the last two statements
// make the ones before them final.
// https://duckdb.org/docs/stable/operations_manual/securing_duckdb/overview
var confinement = []string{
	"SET temp_directory = ''",
	"SET autoinstall_known_extensions = false",
	"SET autoload_known_extensions = false",
	"SET enable_external_access = false",
	"SET lock_configuration = true",
}

// bounds are what differs from one database to the next.
func bounds(memory, threads int, paths []string) []string {
	return []string{
		"SET allowed_paths = [" + strings.Join(paths, ", ") + "]",
		fmt.Sprintf("SET memory_limit = '%dB'", memory),
		fmt.Sprintf("SET threads = %d", threads),
	}
}

func (v *View) prepare(ctx context.Context, sources []Source, paths []string) error {
	for _, statement := range append(bounds(v.memory, 2, paths), confinement...) {
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
	} else if err := checkFields(ctx, found); err != nil {
		return err
	}
	if _, err := v.database.ExecContext(ctx, "CREATE VIEW "+Quote(name)+" AS "+found.query()); err != nil {
		return shorten(found.name, err)
	}
	return nil
}

// Columns lists the column names of one file, in file order.
func (v *View) Columns(name string) []string { return slices.Clone(v.files[name].columns) }

// Count asks the database for one whole number; names of views and columns in
// the statement belong in [Quote].
func (v *View) Count(ctx context.Context, statement string, arguments ...any) (int, error) {
	var count int
	if err := v.database.QueryRowContext(ctx, statement, arguments...).Scan(&count); err != nil {
		return 0, shorten(v.about(err), err)
	}
	return count, nil
}

// Close frees the database.
func (v *View) Close() error { return v.database.Close() }

// about names the file that a message of the database speaks of, or all.
func (v *View) about(err error) string {
	var spokenOf []string
	for _, found := range v.files {
		if strings.Contains(err.Error(), found.path) {
			spokenOf = append(spokenOf, found.name)
		}
	}
	if len(spokenOf) != 1 {
		return v.names()
	}
	return spokenOf[0]
}

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

func quoted(names []string) []string {
	var identifiers []string
	for _, name := range names {
		identifiers = append(identifiers, Quote(name))
	}
	return identifiers
}

// Text makes an SQL string of any text.
func Text(value string) string { return "'" + strings.ReplaceAll(value, "'", "''") + "'" }
