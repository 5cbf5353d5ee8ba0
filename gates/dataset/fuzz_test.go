package dataset

import (
	"context"
	"slices"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

// FuzzMeasurementsAreValidAndRepeatable: whatever the bytes, the answer is an
// error or measurements that a statement may hold, and twice the same.
func FuzzMeasurementsAreValidAndRepeatable(f *testing.F) {
	f.Add([]byte("id,time,event,age\n1,10,1,50\n2,20,0,60\n"))
	f.Add([]byte("id,time,event,age\n1,-1,2,abc\n,NaN,,1e999\n"))
	f.Add([]byte("age,AGE\n1,2\n"))
	f.Add([]byte("event,time\n1,1e308\n0,-1e308\n1,219-09-9999\n"))
	f.Add([]byte("id,seen,biopsy,site,one,two\n1,2014-02-30,yesterday,A,1,1.0\n1,2014-05-01,9999-12-31, a,x,\n,,,,,\n"))
	f.Add([]byte("seen,site,one,two\n"))
	contract := &v1alpha1.DatasetSpec{Key: "id", Time: "time", Event: "event", IndexDate: "seen", Site: "site", Extracted: "2026-11-23",
		Adjudication: v1alpha1.Adjudication{Raters: []string{"one", "two"}}, Split: v1alpha1.Split{Kind: v1alpha1.TemporalSplit},
		Columns: []v1alpha1.Column{{Name: "age", Type: "number", Unit: "a", Low: limit(18), High: limit(90)}, {Name: "event", Type: "nonsense"},
			{Name: "seen", Type: "date"}, {Name: "biopsy", Type: "date"}}}
	f.Fuzz(func(t *testing.T, content []byte) {
		path := write(t, "data.csv", string(content))
		first := attempt(t, path, contract)
		if second := attempt(t, path, contract); !slices.Equal(first, second) {
			t.Errorf("measured differently:\n%v\n%v", first, second)
		}
	})
}

func attempt(t *testing.T, path string, contract *v1alpha1.DatasetSpec) []evidence.Measurement {
	found, err := MeasureFiles(context.Background(), path, path, contract)
	if err != nil {
		return nil
	}
	for _, m := range found {
		if err := m.Validate(); err != nil {
			t.Error(err)
		}
	}
	return found
}

// FuzzIdentifierDetectorsTakeAnyText: no text makes a detector panic.
func FuzzIdentifierDetectorsTakeAnyText(f *testing.F) {
	for _, seed := range []string{"", "219-09-9999", "1M8GDM9AXKP042788", "ﬀ1M8GDM9AXKP0427", "1234567893", "::1", "2/30/2019", "+1 (", "１２３"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range catalogue {
			if kind.anywhere == nil || !kind.anywhere(text) {
				continue
			}
			if !kind.announced(text) {
				t.Errorf("%s: %q is found anywhere, but not where its column announces it", kind.kind, text)
			}
			if !plausible.MatchString(text) {
				t.Errorf("%s: %q would be found, but is not plausible", kind.kind, text)
			}
		}
		hintsOf(text)
	})
}
