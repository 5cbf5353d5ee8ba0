package dataset

import (
	"context"
	"slices"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// smallCell is the size below which a group of patients is not told: the cell
// suppression policy of the Centers for Medicare and Medicaid Services.
const smallCell = 11

const tooSmall = "<11"

// cells says whether patients stand out by what others know of them: cohort and
// age, in decades. k-anonymity is the size of the smallest such cell (Sweeney
// 2002, Int J Uncertain Fuzz 10:557). A size under 11 is never told, here or
// in cohort_rows; cells_under_11 counts how many there are.
func (s *study) cells(found groups) []evidence.Measurement {
	known := len(s.quasiIdentifiers().traits)
	measured := []evidence.Measurement{
		count("quasi_identifiers", "", known, len(s.columns)),
		count("cells_under_11", "", found.small, found.distinct),
	}
	if found.distinct == 0 {
		return measured
	}
	return append(measured, suppressed(count("smallest_cell", "", found.smallest, s.rows())))
}

func suppressed(m evidence.Measurement) evidence.Measurement {
	if size := m.Value.Float(); size > 0 && size < smallCell {
		m.Value, m.Method = "", tooSmall
	}
	return m
}

func (s *study) quasiIdentifiers() grouping {
	var quasi grouping
	for _, column := range s.columns {
		switch {
		case s.contract != nil && slices.Contains(s.contract.Groups, column.name):
			quasi.traits = append(quasi.traits, trait{column: column})
		case column.numeric() && hintsOf(column.name)[ageOver89] && s.yearsOfAge(column):
			quasi.traits = append(quasi.traits, trait{column: column, as: decade})
		}
	}
	if label, has := s.label(); has && s.everywhere(label.name) {
		quasi.label = []trait{{column: label, as: plain}}
	}
	return quasi
}

// Bounds on the levels of a cohort column: beyond them they are no cohorts.
const (
	maxCohorts    = 50
	maxCohortName = 100
)

// cohorts counts the rows of each declared cohort in the current sample, those
// that the contract names and nobody belongs to as well.
func cohorts(_ context.Context, s *study) ([]evidence.Measurement, error) {
	if s.contract == nil {
		return nil, nil
	}
	var found []evidence.Measurement
	for _, name := range s.contract.Groups {
		column, has := s.find(name)
		if !has {
			continue
		}
		sizes := column.levels()
		if len(sizes) > maxCohorts || slices.ContainsFunc(sortedKeys(sizes), func(level string) bool { return len(level) > maxCohortName }) {
			found = append(found, unmeasured("cohort_rows", name, "its values name patients rather than cohorts: they are too many, or too long"))
			continue
		}
		for _, level := range sortedKeys(sizes) {
			found = append(found, suppressed(count("cohort_rows", name+"="+level, sizes[level], len(column.current))))
		}
	}
	return found, nil
}

// levels counts the current values, and 0 for those promised that do not occur.
func (c column) levels() map[string]int {
	sizes := map[string]int{}
	if c.promise != nil {
		for _, allowed := range c.promise.Values {
			sizes[allowed] = 0
		}
	}
	for _, text := range c.current {
		if text != "" {
			sizes[text]++
		}
	}
	return sizes
}
