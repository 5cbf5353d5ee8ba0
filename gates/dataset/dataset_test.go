package dataset

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

func write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// measured is what a gate answered, by name and group.
type measured struct {
	t    *testing.T
	list []evidence.Measurement
}

func measureGate(t *testing.T, contract v1alpha1.DatasetSpec, train, holdout string) measured {
	t.Helper()
	list, err := Gate{}.Measure(context.Background(), gates.Candidate{
		Train: write(t, "train.csv", train), Holdout: write(t, "holdout.csv", holdout),
		Dataset: v1alpha1.Dataset{Spec: contract},
	})
	if err != nil {
		t.Fatal(err)
	}
	return valid(t, list)
}

func measureFiles(t *testing.T, data, reference string, contract *v1alpha1.DatasetSpec) measured {
	t.Helper()
	list, err := MeasureFiles(context.Background(), data, reference, contract)
	if err != nil {
		t.Fatal(err)
	}
	return valid(t, list)
}

func valid(t *testing.T, list []evidence.Measurement) measured {
	t.Helper()
	seen := map[[2]string]bool{}
	for _, m := range list {
		if err := m.Validate(); err != nil {
			t.Error(err)
		}
		if key := [2]string{m.Name, m.Group}; seen[key] {
			t.Errorf("%s of %q is measured twice", m.Name, m.Group)
		} else {
			seen[key] = true
		}
	}
	return measured{t, list}
}

func (m measured) find(name, group string) (evidence.Measurement, bool) {
	for _, found := range m.list {
		if found.Name == name && found.Group == group {
			return found, true
		}
	}
	return evidence.Measurement{}, false
}

func (m measured) is(name, group string, want evidence.Decimal) {
	m.t.Helper()
	if found, has := m.find(name, group); !has || found.Value != want {
		m.t.Errorf("%s of %q is %+v, want %s", name, group, found, want)
	}
}

func (m measured) near(name, group string, want float64) {
	m.t.Helper()
	found, has := m.find(name, group)
	if got := found.Value.Float(); !has || !(math.Abs(got-want) <= 1e-9*max(1, math.Abs(want))) {
		m.t.Errorf("%s of %q is %v, want %v", name, group, found.Value, want)
	}
}

func (m measured) absent(name, group string) {
	m.t.Helper()
	if found, has := m.find(name, group); has {
		m.t.Errorf("%s of %q is measured: %+v", name, group, found)
	}
}

// partOf writes the rows of a file whose column holds a value.
func partOf(t *testing.T, path, column, value string) string {
	t.Helper()
	frame, err := table.Read(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := frame.Texts(column)
	if err != nil {
		t.Fatal(err)
	}
	var rows []int
	for row, text := range texts {
		if text == value {
			rows = append(rows, row)
		}
	}
	out, err := os.Create(filepath.Join(t.TempDir(), column+value+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := frame.Select(rows, frame.Columns()).WriteCSV(out); err != nil {
		t.Fatal(err)
	}
	return out.Name()
}

func limit(value float64) *float64 { return &value }
