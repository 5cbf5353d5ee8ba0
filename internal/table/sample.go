package table

import (
	"fmt"
	"strings"
)

// parts is the resolution of the share of rows that a Sample takes.
const parts = 1_000_000

// Sample is about so many rows of a file that goes by, or all of a shorter
// one, in file order: those whose hash is lowest, so that the same file gives
// the same sample, and that rows of one patient are in or out together.
type Sample struct {
	file    file
	limit   int
	seen    int // rows so far
	bytes   int
	columns [][]string
	hashes  []uint64
	enough  int // rows that may be held until some are let go
}

// Sample prepares a sample of the file's rows.
func (v *View) Sample(name string, limit int) *Sample {
	found := v.files[name]
	return &Sample{file: found, limit: limit, columns: make([][]string, len(found.columns)), enough: limit + limit/4}
}

// below is the hash below which the rows are held of a file that ends here. It
// only falls while the file goes on: who is let go is not missed later.
func (s *Sample) below() uint64 {
	if s.seen <= s.limit {
		return parts
	}
	return uint64(float64(s.limit) / float64(s.seen) * parts)
}

// Add shows the next rows to the sample.
func (s *Sample) Add(batch *Batch) error {
	var picked []int
	below := s.below()
	for row, hash := range batch.hashes() {
		if hash < below {
			picked = append(picked, row)
			s.hashes = append(s.hashes, hash)
		}
	}
	for column := range s.columns {
		texts := batch.column(column)
		for _, row := range picked {
			text := strings.Clone(texts.at(row))
			s.columns[column] = append(s.columns[column], text)
			s.bytes += len(text) + perValue
		}
	}
	if s.seen += batch.rows; len(s.hashes) > s.enough {
		s.release()
		s.enough = max(s.enough, len(s.hashes)+s.limit/4)
	}
	if len(s.hashes) > maxRows || s.bytes > maxBytes {
		return fmt.Errorf("%s: more than %d rows or %d bytes: too large to hold in memory", s.file.name, maxRows, maxBytes)
	}
	return nil
}

// release lets go of the rows that are too many by now.
func (s *Sample) release() {
	below, kept := s.below(), 0
	for row, hash := range s.hashes {
		if hash >= below {
			for _, texts := range s.columns {
				s.bytes -= len(texts[row]) + perValue
			}
			continue
		}
		for _, texts := range s.columns {
			texts[kept] = texts[row]
		}
		s.hashes[kept] = hash
		kept++
	}
	for column, texts := range s.columns {
		clear(texts[kept:])
		s.columns[column] = texts[:kept]
	}
	s.hashes = s.hashes[:kept]
}

// Frame is the sample of what was shown.
func (s *Sample) Frame() *Frame {
	s.release()
	frame := &Frame{file: s.file.name, columns: s.file.columns, texts: make(map[string][]string, len(s.columns)), rows: len(s.hashes)}
	for column, name := range s.file.columns {
		frame.texts[name] = s.columns[column]
	}
	return frame
}
