package dataset

import (
	"context"
	"math"
	"slices"

	"github.com/mlops-clinical-trials/assay/internal/table"
)

// rows are some rows of one sample, column by column in the order of the
// study. A column that the sample lacks has no fields.
type rows struct {
	sample, count int
	batch         *table.Batch // none of rows that are kept
	fields        []fields
}

// fields are the values of one column: as texts, "" where missing; as the
// numbers they are, NaN where they are none; as hashes of the texts.
type fields struct {
	texts   []string
	numbers []float64
	hashes  []uint64
}

// each reads a sample, a batch at a time, which is gone after the visit.
func (s *study) each(ctx context.Context, i int, visit func(*rows) error) error {
	by := ""
	if s.contract != nil && slices.Contains(s.samples[i].columns, s.contract.Key) {
		by = s.contract.Key
	}
	places := make([]int, len(s.columns))
	for at, column := range s.columns {
		places[at] = slices.Index(s.samples[i].columns, column.name)
	}
	seen := &rows{sample: i, fields: make([]fields, len(s.columns))}
	return s.view.Stream(ctx, s.samples[i].name, by, func(batch *table.Batch) error {
		seen.batch, seen.count = batch, batch.Rows()
		for at, place := range places {
			if place >= 0 {
				seen.fields[at].read(batch, place, s.columns[at].hashed)
			}
		}
		return visit(seen)
	})
}

func (f *fields) read(batch *table.Batch, place int, hashed bool) {
	f.texts, f.numbers = batch.Texts(place, f.texts), f.numbers[:0]
	for _, text := range f.texts {
		value, ok := table.Number(text)
		if !ok {
			value = math.NaN()
		}
		f.numbers = append(f.numbers, value)
	}
	if !hashed {
		return
	}
	f.hashes = f.hashes[:0]
	for _, text := range f.texts {
		f.hashes = append(f.hashes, hashOf(text))
	}
}

// kept are the rows of all samples, without the texts, if they fit: what rows
// have in common can then be asked without reading them again.
type kept struct {
	limit   int // in bytes
	columns []column
	bytes   int
	rows    []rows
}

func (k *kept) add(seen *rows) {
	if k.limit == 0 {
		return
	}
	copied := rows{sample: seen.sample, count: seen.count, fields: make([]fields, len(seen.fields))}
	for at, of := range seen.fields {
		if k.columns[at].hashed {
			copied.fields[at].hashes = slices.Clone(of.hashes)
		}
		if k.columns[at].numbered {
			copied.fields[at].numbers = slices.Clone(of.numbers)
		}
		k.bytes += 8 * (len(copied.fields[at].hashes) + len(copied.fields[at].numbers))
	}
	if k.rows = append(k.rows, copied); k.bytes > k.limit {
		k.rows, k.limit = nil, 0
	}
}

// has reports whether the rows are kept with all that these traits look at.
func (k *kept) has(traits []trait) bool {
	lacks := func(of trait) bool {
		column := k.columns[of.column.at]
		return of.as == folded || of.as == exact && !column.hashed || of.as != exact && !column.numbered
	}
	return k.limit > 0 && !slices.ContainsFunc(traits, lacks)
}
