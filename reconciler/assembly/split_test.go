package assembly

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

var ward = v1alpha1.DatasetSpec{Source: "data.csv", Key: "patient_id", Label: "died", Groups: []string{"sex"},
	Split: v1alpha1.Split{Column: "part", Train: "train", Holdout: "holdout"}}

const wardRows = "patient_id,sex,marker,died,part\np1,f,1,0,train\np2,m,2,1,holdout\np3,f,3,1,train\n"

func keep(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "data.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestRowsAreSplitByTheirMark(t *testing.T) {
	dir := t.TempDir()
	train, holdout := filepath.Join(dir, "train.csv"), filepath.Join(dir, "holdout.csv")
	if err := (rows{}).Split(t.Context(), keep(t, wardRows), ward, train, holdout); err != nil {
		t.Fatal(err)
	}
	if got := readText(t, train); got != "patient_id,sex,marker,died,part\np1,f,1,0,train\np3,f,3,1,train\n" {
		t.Errorf("train is %q", got)
	}
	if got := readText(t, holdout); got != "patient_id,sex,marker,died,part\np2,m,2,1,holdout\n" {
		t.Errorf("holdout is %q", got)
	}
}

func TestWhatCannotBeSplitNamesFileRowAndColumn(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"unknown mark":   {wardRows + "p4,f,1,0,\x1b[2Jtest\n", `data.csv: row 4, column "part": "\x1b[2Jtest" is neither "train" nor "holdout"`},
		"no mark":        {wardRows + "p4,f,1,0,\n", `row 4, column "part"`},
		"missing column": {"patient_id,marker\np1,1\n", `"part"`},
		"no holdout":     {strings.ReplaceAll(wardRows, "holdout", "train"), `no row is marked "holdout"`},
		"no training":    {strings.ReplaceAll(wardRows, ",train", ",holdout"), `no row is marked "train"`},
		"no rows":        {"patient_id,marker,died,part\n", `no row is marked "train"`},
		"empty":          {"", ""},
		"torn":           {wardRows + "p4,f\n", ""},
	} {
		dir := t.TempDir()
		err := (rows{}).Split(t.Context(), keep(t, test.text), ward, filepath.Join(dir, "a"), filepath.Join(dir, "b"))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The trainer sees key and features: no outcome, no split, and no panic over a
// recipe that names columns which are not there.
func TestABlindFileHoldsNoOutcome(t *testing.T) {
	for name, test := range map[string]struct {
		features []string
		want     string
	}{
		"features":        {[]string{"marker"}, "patient_id,marker\np1,1\np2,2\np3,3\n"},
		"its own outcome": {[]string{"died", "marker", "part"}, "patient_id,marker\np1,1\np2,2\np3,3\n"},
		"unknown columns": {[]string{"nowhere", "marker", "marker"}, "patient_id,marker\np1,1\np2,2\np3,3\n"},
		"none":            {nil, "patient_id\np1\np2\np3\n"},
	} {
		blind := filepath.Join(t.TempDir(), "blind.csv")
		recipe := promotion.Recipe{Features: test.features, Contract: ward}
		if err := (rows{}).Blind(t.Context(), keep(t, wardRows), recipe, blind); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := readText(t, blind); got != test.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	recipe := promotion.Recipe{Features: []string{"nowhere"}, Contract: v1alpha1.DatasetSpec{Key: "nobody"}}
	_ = (rows{}).Blind(t.Context(), keep(t, wardRows), recipe, filepath.Join(t.TempDir(), "blind.csv")) // an error or an empty file: never a panic
}

func TestARowOfAPartIsFoundInTheDataFile(t *testing.T) {
	data := keep(t, strings.Replace(wardRows, "p1,f", "\"p\n1\",f", 1)+"p4,f,1,0,holdout\n")
	for _, test := range []struct {
		mark      string
		row, want int
	}{{"train", 1, 1}, {"train", 2, 3}, {"holdout", 1, 2}, {"holdout", 2, 4}} {
		if got, err := (rows{}).Origin(t.Context(), data, ward, test.mark, test.row); err != nil || got != test.want {
			t.Errorf("row %d of %s is row %d, %v", test.row, test.mark, got, err)
		}
	}
	for _, row := range []int{-1, 0, 3} {
		if got, err := (rows{}).Origin(t.Context(), data, ward, "holdout", row); err == nil {
			t.Errorf("row %d of two is row %d", row, got)
		}
	}
}
