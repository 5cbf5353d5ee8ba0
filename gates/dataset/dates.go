package dataset

import (
	"context"
	"fmt"
	"math"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

// dates holds rows against their index date, the day on which the prediction
// would be made: a feature recorded after it was not known then, and a holdout
// that claims to lie later in time must (Kaufman 2012, ACM TKDD 6:15). An
// index date may be a number, such as a year: the Safe Harbor allows no more.
func dates(ctx context.Context, s *study) ([]evidence.Measurement, error) {
	if s.contract == nil {
		return nil, nil
	}
	temporal := s.contract.Split.Kind == v1alpha1.TemporalSplit
	found := []evidence.Measurement{declared("temporal_split", temporal), declared("index_date_declared", s.contract.IndexDate != "")}
	index, has := s.index()
	if !has {
		return found, nil
	}
	after, err := s.afterIndex(ctx, index)
	if err != nil {
		return nil, err
	}
	found = append(found, after...)
	if temporal && len(s.samples) == 2 {
		overlap, err := s.temporalOverlap(ctx, index)
		if err != nil {
			return nil, err
		}
		found = append(found, overlap)
	}
	visits, err := s.visits(ctx, index)
	return append(found, visits...), err
}

// index is the column of the index date, where every sample has it.
func (s *study) index() (column, bool) {
	if s.contract == nil || !s.everywhere(s.contract.IndexDate) {
		return column{}, false
	}
	return s.find(s.contract.IndexDate)
}

// day is a date as a number that grows with time, in SQL: days for a date, the
// number itself for anything else. What is no date is NULL.
func (c column) day() string {
	if c.kind != date {
		return c.number()
	}
	return "CASE WHEN regexp_full_match(" + c.text() + ", '[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN epoch(TRY_STRPTIME(" + c.text() + ", '%Y-%m-%d')) / 86400 END"
}

// year is the number of a date's year, to hold against an index that is one.
func (c column) year() string { return "TRY_CAST(left(" + c.text() + ", 4) AS DOUBLE)" }

// afterIndex counts rows without a usable index date, and for each feature that
// is a date the rows in which it lies after.
func (s *study) afterIndex(ctx context.Context, index column) ([]evidence.Measurement, error) {
	columns, conditions := []column{index}, []string{index.day() + " IS NULL"}
	for _, feature := range s.shared() {
		if feature.kind != date {
			continue
		}
		columns = append(columns, feature)
		if index.kind == date {
			conditions = append(conditions, feature.day()+" > "+index.day())
		} else {
			conditions = append(conditions, feature.year()+" > "+index.number())
		}
	}
	counted, err := s.countAll(ctx, columns, conditions...)
	if err != nil {
		return nil, err
	}
	found := []evidence.Measurement{
		count("index_date_unusable", "", counted[0], s.rows()),
		count("dated_features", "", len(columns)-1, len(s.columns)),
	}
	for at := 1; at < len(columns); at++ {
		found = append(found, count("features_after_index", columns[at].name, counted[at], s.rows()))
	}
	return found, nil
}

// temporalOverlap counts the rows of the holdout that are no later than the
// last of the training rows. The day itself is not told.
func (s *study) temporalOverlap(ctx context.Context, index column) (evidence.Measurement, error) {
	const name = "temporal_overlap"
	latest, err := s.ask(ctx, 1, []column{index}, "max("+index.day()+")")
	if err != nil {
		return evidence.Measurement{}, err
	}
	if math.IsNaN(latest[0]) {
		return unmeasured(name, "", "no training row has an index date"), nil
	}
	overlap, err := s.ask(ctx, 0, []column{index}, fmt.Sprintf("count(*) FILTER (WHERE %s <= %s)", index.day(), double(latest[0])))
	if err != nil {
		return evidence.Measurement{}, err
	}
	return count(name, "", int(overlap[0]), s.samples[0].rows), nil
}

// visits counts rows that repeat patient and index date: with one, a patient
// may stand there on several days.
func (s *study) visits(ctx context.Context, index column) ([]evidence.Measurement, error) {
	visit := s.byKey()
	if len(visit.traits) == 0 {
		return nil, nil
	}
	visit.traits = append(visit.traits, trait{column: index})
	found, err := s.group(ctx, visit)
	if err != nil {
		return nil, err
	}
	result := count("duplicate_keys", "", found[0].repeated(), s.rows())
	result.Method = "patient and index date"
	return []evidence.Measurement{result}, nil
}
