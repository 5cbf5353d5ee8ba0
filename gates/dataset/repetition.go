package dataset

import (
	"context"
	"strings"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// repetition counts what occurs more than once: rows, patients, and both of
// them on the two sides of the split, where a model has seen the answer.
func repetition(ctx context.Context, s *study) ([]evidence.Measurement, error) {
	questions := []question{{"duplicate_rows", s.rows(),
		"SELECT (SELECT count(*) FROM " + s.union("*") + ") - (SELECT count(*) FROM (SELECT DISTINCT * FROM " + s.union("*") + "))"}}
	questions = append(questions, s.keyQuestions()...)
	questions = append(questions, s.rowQuestions()...)
	var found []evidence.Measurement
	for _, question := range questions {
		value, err := s.view.Count(ctx, question.statement)
		if err != nil {
			return nil, err
		}
		found = append(found, count(question.name, "", value, question.among))
	}
	return found, nil
}

type question struct {
	name      string
	among     int
	statement string
}

func (s *study) keyQuestions() []question {
	if s.contract == nil || !s.everywhere(s.contract.Key) {
		return nil
	}
	key := table.Quote(s.contract.Key)
	questions := []question{{"duplicate_keys", s.rows(),
		"SELECT count(" + key + ") - count(DISTINCT " + key + ") FROM " + s.union(key)}}
	if len(s.samples) == 2 {
		questions = append(questions, question{"patient_overlap", s.samples[0].frame.Rows(),
			"SELECT count(*) FROM (" + s.common(key) + ") WHERE " + key + " IS NOT NULL"})
	}
	return questions
}

func (s *study) rowQuestions() []question {
	var names []string
	for _, feature := range s.features() {
		if s.everywhere(feature.name) {
			names = append(names, table.Quote(feature.name))
		}
	}
	if len(names) == 0 {
		return nil
	}
	features := strings.Join(names, ", ")
	var questions []question
	if len(s.samples) == 2 {
		questions = append(questions, question{"row_overlap", s.samples[0].frame.Rows(),
			"SELECT count(*) FROM (" + s.common(features) + ")"})
	}
	if s.contract != nil && s.everywhere(s.contract.Label) {
		label := table.Quote(s.contract.Label)
		questions = append(questions, question{"conflicting_labels", s.rows(),
			"SELECT count(*) FROM (SELECT " + features + " FROM " + s.union(features+", "+label) +
				" GROUP BY ALL HAVING count(DISTINCT " + label + ") > 1)"})
	}
	return questions
}

// everywhere reports whether every sample has the column.
func (s *study) everywhere(name string) bool {
	for _, sample := range s.samples {
		if !sample.frame.Has(name) {
			return false
		}
	}
	return true
}

// union selects columns from all samples, a row for a row.
func (s *study) union(columns string) string {
	return "(" + s.join(columns, " UNION ALL BY NAME ") + ")"
}

// common selects the distinct combinations that occur in both samples; in set
// operations, unlike in joins, one missing value equals another.
func (s *study) common(columns string) string { return s.join(columns, " INTERSECT ") }

func (s *study) join(columns, operator string) string {
	var selects []string
	for _, sample := range s.samples {
		selects = append(selects, "SELECT "+columns+" FROM "+table.Quote(sample.name))
	}
	return strings.Join(selects, operator)
}
