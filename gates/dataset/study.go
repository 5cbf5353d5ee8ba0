package dataset

import (
	"context"
	"runtime"
	"slices"
	"sync"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// Types of columns, as contracts name them.
const (
	number  = "number"
	integer = "integer"
	word    = "text"
	date    = "date"
)

// study is the data under measurement: one or two samples, column by column.
// What is counted is counted in every row; what orders values is held in
// memory, at most so many rows of each sample.
type study struct {
	view     *table.View
	memory   int      // what the database may hold, in bytes, and what groupings may
	samples  []sample // the current one, then the reference if there is one
	columns  []column // of all samples, in file order
	contract *v1alpha1.DatasetSpec
	features []string            // of the model, if there is one
	horizon  float64             // of the model, if it has one
	counted  map[claim][]float64 // by sample
	firsts   map[claim][]int     // rows that are counted first; 0 is none
	matches  map[claim]int       // of detectors
	kept     *kept               // rows, for groupings
	// coarse are the rows by key, by rounded features and by what others know
	// of patients; whoever asks first counts them.
	coarse func() ([]groups, error)
}

type sample struct {
	name    string
	columns []string
	rows    int
	frame   *table.Frame // all rows, or a sample of them
}

// column is one column of all samples. A sample without it has no texts.
type column struct {
	name      string
	at        int // among the study's columns
	kind      string
	current   []string
	reference []string
	promise   *v1alpha1.Column // what the contract says of it, if anything
	hashed    bool             // its texts are compared, row with row
	numbered  bool             // its numbers are
}

// Bounds on what is held in memory of one sample. With 200,000 rows a distance
// of 0.005 between two samples is beyond chance.
const (
	heldRows   = 200_000
	heldValues = 4_000_000
)

func open(ctx context.Context, request request) (*study, error) {
	view, err := table.OpenWithin(ctx, request.memory, request.sources...)
	if err != nil {
		return nil, err
	}
	opened := &study{view: view, memory: request.memory, contract: request.contract, features: request.features, horizon: request.horizon}
	if err := opened.fill(ctx, request.sources); err != nil {
		view.Close()
		return nil, err
	}
	return opened, nil
}

func (s *study) fill(ctx context.Context, sources []table.Source) error {
	for _, source := range sources {
		s.samples = append(s.samples, sample{name: source.Name, columns: s.view.Columns(source.Name)})
	}
	s.list()
	if err := s.count(ctx); err != nil {
		return err
	}
	s.coarse = sync.OnceValues(func() ([]groups, error) {
		return s.group(ctx, s.byKey(), s.byRoundedFeatures(), s.quasiIdentifiers())
	})
	if err := s.arrange(); err != nil || s.kept.limit > 0 {
		return err
	}
	// Rows that are too many to be kept are compared before anything else takes
	// memory. What that took would else double before it is collected.
	_, err := s.coarse()
	runtime.GC()
	return err
}

func (s *study) list() {
	for _, sample := range s.samples {
		for _, name := range sample.columns {
			if _, known := s.find(name); !known {
				s.columns = append(s.columns, s.column(name))
			}
		}
	}
}

// column is one that no sample before had. Of a number its text is compared
// only where it names a cohort; without a promise it may be one.
func (s *study) column(name string) column {
	added := column{name: name, at: len(s.columns), promise: s.promised(name)}
	added.numbered = added.promise == nil || added.promise.Type == number || added.promise.Type == integer
	added.hashed = !added.numbered
	if s.contract != nil {
		added.hashed = added.hashed || name == s.contract.Key || slices.Contains(s.contract.Groups, name)
		added.numbered = added.numbered || name == s.contract.Label || name == s.contract.Event
	}
	return added
}

func (s *study) arrange() error {
	for at := range s.columns {
		column := &s.columns[at]
		for i, sample := range s.samples {
			if !sample.frame.Has(column.name) {
				continue
			}
			texts, err := sample.frame.Texts(column.name)
			if err != nil {
				return err
			}
			if i == 0 {
				column.current = texts
			} else {
				column.reference = texts
			}
		}
		column.kind = s.kindOf(*column)
	}
	return nil
}

// kindOf is the type by contract or, failing that, by content.
func (s *study) kindOf(c column) string {
	switch {
	case c.promise != nil:
		return c.promise.Type
	case s.total("not_numbers", c.name) > 0:
		return word
	}
	return number
}

func (s *study) promised(name string) *v1alpha1.Column {
	if s.contract == nil {
		return nil
	}
	for i := range s.contract.Columns {
		if s.contract.Columns[i].Name == name {
			return &s.contract.Columns[i]
		}
	}
	return nil
}

// find gives the column of that name, if any sample has it.
func (s *study) find(name string) (column, bool) {
	at := slices.IndexFunc(s.columns, func(c column) bool { return c.name == name })
	if name == "" || at < 0 {
		return column{}, false
	}
	return s.columns[at], true
}

// administrative names the columns that are no features.
func (s *study) administrative() []string {
	if s.contract == nil {
		return nil
	}
	names := []string{s.contract.Key, s.contract.Label, s.contract.Time, s.contract.Event, s.contract.Split.Column, s.contract.IndexDate}
	return append(names, s.contract.Adjudication.Raters...)
}

// candidates are the columns that a model may learn from.
func (s *study) candidates() []column {
	names := s.administrative()
	return slices.DeleteFunc(slices.Clone(s.columns), func(c column) bool { return slices.Contains(names, c.name) })
}

func (s *study) rows() int {
	rows := 0
	for _, sample := range s.samples {
		rows += sample.rows
	}
	return rows
}

// texts gives the values of all samples, the current one first.
func (c column) texts() []string { return slices.Concat(c.current, c.reference) }

func (c column) numeric() bool { return c.kind == number || c.kind == integer }

// count makes a measurement of a number of things.
func count(name, group string, found, among int) evidence.Measurement {
	return evidence.Measurement{Name: name, Group: group, Value: evidence.Count(found), N: among}
}

// unmeasured makes a measurement that could not be had.
func unmeasured(name, group, why string) evidence.Measurement {
	return evidence.Measurement{Name: name, Group: group, Method: why}
}
