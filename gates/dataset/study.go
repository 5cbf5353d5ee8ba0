package dataset

import (
	"context"
	"slices"

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
type study struct {
	view     *table.View
	samples  []sample // the current one, then the reference if there is one
	columns  []column // of all samples, in file order
	contract *v1alpha1.DatasetSpec
}

type sample struct {
	name  string
	frame *table.Frame
}

// column is one column of all samples. A sample without it has no texts.
type column struct {
	name      string
	kind      string
	current   []string
	reference []string
	promise   *v1alpha1.Column // what the contract says of it, if anything
}

func open(ctx context.Context, contract *v1alpha1.DatasetSpec, sources []table.Source) (*study, error) {
	view, err := table.Open(ctx, sources...)
	if err != nil {
		return nil, err
	}
	opened := &study{view: view, contract: contract}
	for _, source := range sources {
		frame, err := view.Frame(ctx, source.Name)
		if err != nil {
			view.Close()
			return nil, err
		}
		opened.samples = append(opened.samples, sample{source.Name, frame})
	}
	opened.arrange()
	return opened, nil
}

func (s *study) arrange() {
	for i, sample := range s.samples {
		for _, name := range sample.frame.Columns() {
			at := slices.IndexFunc(s.columns, func(c column) bool { return c.name == name })
			if at < 0 {
				at = len(s.columns)
				s.columns = append(s.columns, column{name: name, promise: s.promised(name)})
			}
			texts, _ := sample.frame.Texts(name) // the name is the frame's own
			if i == 0 {
				s.columns[at].current = texts
			} else {
				s.columns[at].reference = texts
			}
		}
	}
	for i := range s.columns {
		s.columns[i].kind = kindOf(s.columns[i])
	}
}

// kindOf is the type by contract or, failing that, by content.
func kindOf(c column) string {
	if c.promise != nil {
		return c.promise.Type
	}
	for _, text := range c.texts() {
		if _, ok := table.Number(text); !ok && text != "" {
			return word
		}
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
	return []string{s.contract.Key, s.contract.Label, s.contract.Time, s.contract.Event, s.contract.Split.Column}
}

func (s *study) features() []column {
	names := s.administrative()
	return slices.DeleteFunc(slices.Clone(s.columns), func(c column) bool { return slices.Contains(names, c.name) })
}

func (s *study) rows() int {
	rows := 0
	for _, sample := range s.samples {
		rows += sample.frame.Rows()
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
