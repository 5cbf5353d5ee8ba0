package table

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// stretch is how much of a file is looked at together; longer records take the
// slow way.
const stretch = 1 << 20

// checkFields refuses a CSV file with a record of more fields than the header.
// DuckDB does, too, unless the fields too many are missing values: those it
// drops, although a comma that slipped into such a row has moved every value
// behind it into the next column.
func checkFields(ctx context.Context, file file) error {
	opened, err := os.Open(file.path)
	if err != nil {
		return fmt.Errorf("reading %s: %w", file.name, err)
	}
	defer opened.Close()
	counted := fields{want: len(file.columns)}
	lines := bufio.NewReaderSize(opened, stretch)
	if mark, _ := lines.Peek(len(byteOrderMark)); bytes.Equal(mark, byteOrderMark) {
		_, _ = lines.Discard(len(byteOrderMark)) // peeked: it is there
	}
	for {
		line, err := lines.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			line = append(line, '\n') // the last record may have none
		}
		if !counted.take(line) {
			return &Fault{File: file.name, Row: counted.records, Wrong: fmt.Sprintf("%d fields where the header names %d", counted.found, counted.want)}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return fmt.Errorf("reading %s: %w", file.name, err)
		case ctx.Err() != nil:
			return fmt.Errorf("reading %s: %w", file.name, ctx.Err())
		}
	}
}

// fields counts those of one record after the other.
type fields struct {
	want    int
	records int // that are behind, the header being the first
	found   int // in the last that is behind

	commas int
	inside bool // a quoted field
	filled bool // the record has begun
	before byte
}

// take reads on, and answers false at the end of a record of too many fields.
func (f *fields) take(text []byte) bool {
	if !f.filled && plain(text) {
		f.commas = bytes.Count(text, []byte(","))
		return f.end()
	}
	for _, char := range text {
		switch {
		case char == '"' && (f.inside || !f.filled || f.before == ',' || f.before == '"'):
			f.inside, f.filled = !f.inside, true
		case f.inside:
		case char == '\n' || char == '\r':
			if f.filled && !f.end() {
				return false
			}
		default:
			f.filled = true
			if char == ',' {
				f.commas++
			}
		}
		f.before = char
	}
	return true
}

// plain holds for a whole record of one line without a quote: nearly all are.
func plain(text []byte) bool {
	line, ended := bytes.CutSuffix(text, []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	return ended && len(line) > 0 && bytes.IndexByte(line, '"') < 0 && bytes.IndexByte(line, '\r') < 0
}

// end closes the record.
func (f *fields) end() bool {
	f.found = f.commas + 1
	f.commas, f.filled = 0, false
	if f.found > f.want {
		return false
	}
	f.records++
	return true
}
