package table

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var (
	// DuckDB counts records, the header being the first, so a quoted line
	// break does not shift the number.
	errorLine  = regexp.MustCompile(`CSV Error on Line: ([0-9]{1,18})`)
	fieldCount = regexp.MustCompile(`Expected Number of Columns: ([0-9]+) Found: ([0-9]+)`)
	classAhead = regexp.MustCompile(`^([A-Z][A-Za-z-]* )+Error: `)
	quotedPath = regexp.MustCompile(`'/[^']*' ?|"/[^"]*" ?`)
)

var symptoms = []struct{ symptom, reason string }{
	{"unterminated quote", "a quote is not closed, or text follows a closing quote"},
	{"not utf-8 encoded", "the text is not UTF-8"},
	{"invalid string encoding", "the text is not UTF-8"}, // Parquet; the message repeats the text
	{"Maximum line size", "the line is longer than 2 MB"},
	{"invalid state", "not RFC 4180: a quote out of place, or CRLF and LF line ends mixed"},
	{"Out of Memory Error", "reading needs more memory than is allowed"},
}

// shorten turns a message of DuckDB, a page of advice which repeats the line
// at fault, into one line that names file and row.
func shorten(file string, err error) error {
	for _, interruption := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, interruption) {
			return fmt.Errorf("reading %s: %w", file, interruption)
		}
	}
	message := err.Error()
	if match := errorLine.FindStringSubmatch(message); match != nil {
		line, _ := strconv.Atoi(match[1]) // the pattern admits only what fits
		return &Fault{File: file, Row: max(line-1, 0), Wrong: reason(message)}
	}
	return fmt.Errorf("%s: %s", file, reason(message))
}

func reason(message string) string {
	if match := fieldCount.FindStringSubmatch(message); match != nil {
		return fmt.Sprintf("%s fields where the header names %s", match[2], match[1])
	}
	for _, known := range symptoms {
		if strings.Contains(message, known.symptom) {
			return known.reason
		}
	}
	first, _, _ := strings.Cut(message, "\n")
	first = quotedPath.ReplaceAllString(classAhead.ReplaceAllString(first, ""), "")
	return strings.ToLower(first[:min(len(first), 1)]) + first[min(len(first), 1):]
}
