package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds on a header: one that is larger is not a header.
const (
	maxHeader  = 1 << 20
	maxColumns = 20_000
	maxName    = 256
)

var (
	parquetMagic  = []byte("PAR1")
	byteOrderMark = []byte("\xef\xbb\xbf")
)

// inspect opens the file as far as needed to know what it is. The header of a
// CSV file is read here and not by DuckDB, whose detection of dialects takes a
// later line for the header when the rows have more fields than the header.
func inspect(path string) (file, error) {
	name := filepath.Base(path)
	absolute, err := filepath.Abs(path)
	if err != nil {
		return file{}, fmt.Errorf("finding %s: %w", name, err)
	}
	info, err := os.Stat(absolute)
	switch {
	case strings.ContainsAny(absolute, "*?["):
		return file{}, fmt.Errorf("%s: one of * ? [ is in the path %s; rename it, DuckDB takes these for a pattern and reads other files too", name, absolute)
	case errors.Is(err, fs.ErrNotExist):
		return file{}, fmt.Errorf("%s: there is no such file: %w", name, fs.ErrNotExist)
	case err != nil:
		return file{}, fmt.Errorf("reading %s: %w", name, err)
	case !info.Mode().IsRegular():
		return file{}, fmt.Errorf("%s: not a regular file", name)
	case info.Size() == 0:
		return file{}, fmt.Errorf("%s: the file is empty", name)
	}
	start, err := beginning(absolute)
	if err != nil {
		return file{}, fmt.Errorf("reading %s: %w", name, err)
	}
	found := file{name: name, path: absolute}
	if bytes.HasPrefix(start, parquetMagic) || strings.HasSuffix(strings.ToLower(name), ".parquet") {
		found.parquet = true
		return found, nil
	}
	if found.columns, err = header(start); err != nil {
		return file{}, fmt.Errorf("%s: header: %w", name, err)
	}
	return found, nil
}

func beginning(path string) ([]byte, error) {
	opened, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	return io.ReadAll(io.LimitReader(opened, maxHeader))
}

func header(start []byte) ([]string, error) {
	start = bytes.TrimPrefix(start, byteOrderMark)
	if len(start) == 0 || start[0] == '\n' || start[0] == '\r' {
		return nil, errors.New("the first line is empty; it must name the columns")
	}
	reader := csv.NewReader(bytes.NewReader(start))
	columns, err := reader.Read()
	if int(reader.InputOffset()) >= maxHeader-len(byteOrderMark) {
		return nil, fmt.Errorf("longer than %d bytes", maxHeader)
	}
	if err != nil {
		return nil, fmt.Errorf("not RFC 4180: %w", err)
	}
	return columns, checkNames(columns)
}

// checkNames refuses names that would make two columns one. DuckDB, like all
// SQL, does not tell Age from age.
func checkNames(columns []string) error {
	if len(columns) > maxColumns {
		return fmt.Errorf("%d columns are more than %d", len(columns), maxColumns)
	}
	seen := make(map[string]string, len(columns))
	for i, name := range columns {
		folded := strings.ToLower(name)
		switch other, twice := seen[folded]; {
		case strings.TrimSpace(name) == "":
			return fmt.Errorf("column %d has no name", i+1)
		case len(name) > maxName:
			return fmt.Errorf("the name of column %d is longer than %d bytes", i+1, maxName)
		case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
			return fmt.Errorf("the name of column %d has bytes that are not printable text: %.40q", i+1, name)
		case twice && other == name:
			return fmt.Errorf("column %q occurs twice", name)
		case twice:
			return fmt.Errorf("columns %q and %q differ only in case", other, name)
		}
		seen[folded] = name
	}
	return nil
}
