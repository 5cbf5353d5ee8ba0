package dataset

import (
	"context"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

func clinic() v1alpha1.DatasetSpec {
	return v1alpha1.DatasetSpec{
		Key: "patient", Label: "died", Groups: []string{"sex"},
		Split: v1alpha1.Split{Column: "split", Train: "train", Holdout: "holdout"},
		Columns: []v1alpha1.Column{
			{Name: "patient", Type: "text", Required: true},
			{Name: "age", Type: "number", Unit: "a", Min: limit(18), Max: limit(120)},
			{Name: "sex", Type: "text", Values: []string{"female", "male"}},
			{Name: "ecog", Type: "integer", Values: []string{"0", "1", "2"}},
			{Name: "died", Type: "integer", Required: true},
		},
	}
}

func TestDataThatKeepsItsContract(t *testing.T) {
	m := measureGate(t, clinic(),
		"patient,split,age,sex,ecog,died\np1,train,50,female,0,0\np2,train,61.5,male,1.0,1\n",
		"patient,split,age,sex,ecog,died\np3,holdout,55,female,2,1\np4,holdout,70,male,NA,0\n")
	m.is("rows", "train", "2")
	m.is("rows", "holdout", "2")
	for _, name := range []string{"columns_missing", "columns_unexpected", "duplicate_rows", "duplicate_keys", "patient_overlap", "row_overlap", "conflicting_labels", "phi_columns"} {
		m.is(name, "", "0")
	}
	for _, column := range []string{"patient", "age", "sex", "ecog", "died"} {
		m.is("type_violations", column, "0")
	}
	m.is("domain_violations", "ecog", "0")
	m.is("missing_fraction", "ecog", "0.25")
	m.is("required_missing", "died", "0")
	m.is("events", "", "1")
	m.is("non_events", "", "1")
}

func TestBrokenPromisesAreCountedPerColumn(t *testing.T) {
	m := measureGate(t, clinic(),
		"patient,age,sex,ward,died\np1,abc,female,7,0\np2,17,male,7,1\np3,200,unknown,7,1\n",
		"patient,age,sex,ward,died\n,55,Female,7,yes\np4,70,male,7,\n")
	m.is("columns_missing", "", "1")
	m.is("column_missing", "ecog", "1")
	m.is("columns_unexpected", "", "1")
	m.is("column_unexpected", "ward", "1")
	m.is("type_violations", "age", "1")
	m.is("type_violations", "died", "1")
	m.is("range_violations", "age", "2")
	m.is("domain_violations", "sex", "2")
	m.is("required_missing", "patient", "1")
	m.is("label_missing", "died", "1")
	m.is("label_invalid", "died", "1")
	found, _ := m.find("type_violations", "age")
	if found.Method != "first in train, row 1" || found.N != 5 {
		t.Errorf("the place of the violation is told as %+v", found)
	}
	if found, has := m.find("ks", "age"); !has || found.Value != "" || found.Method != "1 values are not numbers" {
		t.Errorf("drift of a column with text in it is %+v", found)
	}
}

func TestColumnsAreMissingWhenOneFileLacksThem(t *testing.T) {
	m := measureGate(t, clinic(), "patient,age,sex,ecog,died\np1,50,male,0,0\n", "patient,age,sex,died\np2,50,male,1\n")
	m.is("column_missing", "ecog", "1")
	m.absent("leakage_auroc", "ecog")
	m.absent("ks", "ecog")
}

func TestPatientsOnBothSidesOfTheSplit(t *testing.T) {
	m := measureGate(t, clinic(),
		"patient,age,sex,ecog,died\np1,50,female,,0\np1,50,female,,0\np2,61,male,1,1\np3,61,male,1,0\n",
		"patient,age,sex,ecog,died\np2,70,male,1,1\np9,50,female,,1\np10,61,male,1,1\n")
	m.is("duplicate_rows", "", "1")
	m.is("duplicate_keys", "", "2")
	m.is("patient_overlap", "", "1")
	m.is("row_overlap", "", "2")
	m.is("conflicting_labels", "", "2")
}

func TestOneClassAndTenRowsAreMeasuredNotGuessed(t *testing.T) {
	m := measureGate(t, clinic(),
		"patient,age,sex,ecog,died\na,50,female,0,0\nb,51,female,0,0\nc,52,female,0,0\nd,53,male,0,0\ne,54,male,0,0\n",
		"patient,age,sex,ecog,died\nf,50,female,0,0\ng,51,female,0,0\nh,52,female,0,0\ni,53,male,0,0\nj,54,male,0,0\n")
	m.is("events", "", "0")
	m.is("non_events", "", "5")
	if found, has := m.find("leakage_auroc", "age"); !has || found.Value != "" || !strings.Contains(found.Method, "one class") {
		t.Errorf("leakage without events is %+v", found)
	}
	m.is("ks", "age", "0")
	m.is("mann_whitney_p_value", "ecog", "1")
}

func TestFilesWithoutRowsHaveNoNumbers(t *testing.T) {
	header := "patient,age,sex,ecog,died\n"
	m := measureGate(t, clinic(), header, header)
	m.is("rows", "holdout", "0")
	m.is("events", "", "0")
	for _, name := range []string{"type_violations", "range_violations"} {
		m.is(name, "age", "0")
	}
	for _, name := range []string{"missing_fraction", "ks", "psi", "leakage_auroc"} {
		if found, has := m.find(name, "age"); !has || found.Value != "" || found.Method == "" {
			t.Errorf("%s of nothing is %+v", name, found)
		}
	}
}

func TestUnreadableFilesAreErrorsThatSayWhere(t *testing.T) {
	train := write(t, "train.csv", "a,b\n1,2\n")
	for holdout, want := range map[string]string{
		write(t, "holdout.csv", "a,b\n1,2\n1,2,3\n"): "holdout.csv: row 2: 3 fields where the header names 2",
		write(t, "holdout.parquet", "PAR1"):          "holdout.parquet: ",
		"":                                           "no file of training or of holdout rows",
	} {
		_, err := Gate{}.Measure(context.Background(), gates.Candidate{Train: train, Holdout: holdout})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestTablesTooWideForAStatementAreRefused(t *testing.T) {
	var columns []string
	for i := range evidence.MaxMeasurements / 8 {
		columns = append(columns, "c"+string(evidence.Count(i)))
	}
	content := strings.Join(columns, ",") + "\n"
	_, err := Gate{}.Measure(context.Background(), gates.Candidate{Train: write(t, "train.csv", content), Holdout: write(t, "holdout.csv", content)})
	if err == nil || !strings.Contains(err.Error(), "than the 4096 a statement may hold") {
		t.Errorf("error %v", err)
	}
}

func TestGateIsNamedDataset(t *testing.T) {
	if name := (Gate{}).Name(); name != "dataset" {
		t.Errorf("name %q", name)
	}
}
