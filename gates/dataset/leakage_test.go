package dataset

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// Reference values: pROC on the 569 patients of WDBC.
func TestBestSingleFeatureOfWDBC(t *testing.T) {
	m := measureFiles(t, "testdata/wdbc.csv", "", &v1alpha1.DatasetSpec{Label: "target"})
	found, _ := m.find("leakage_auroc", "worst_perimeter")
	if math.Abs(found.Value.Float()-0.9754506) > 5e-8 || found.N != 569 {
		t.Errorf("worst perimeter: %+v", found)
	}
	if !(found.Low.Float() < found.Value.Float() && found.Value.Float() < found.High.Float()) {
		t.Errorf("the interval does not hold the value: %+v", found)
	}
	m.near("leakage_auroc", "mean_radius", 70955.0/(357*212))
	m.is("events", "", "357")
	m.is("non_events", "", "212")
}

func TestACopyOfTheLabelIsFoundInAnyForm(t *testing.T) {
	m := measureFiles(t, "testdata/wdbc.csv", "", &v1alpha1.DatasetSpec{Label: "target"})
	m.is("leakage_purity", "diagnosis", "1")
	found, _ := m.find("leakage_purity_baseline", "diagnosis")
	if math.Abs(found.Value.Float()-357.0/569) > 1e-12 {
		t.Errorf("baseline: %+v", found)
	}
	rows := "label,copy,reversed,id\n"
	for i := range 60 {
		rows += []string{"0,0,9,a", "1,1,8,b"}[i%2] + strings.Repeat("x", i) + "\n"
	}
	m = measureFiles(t, write(t, "data.csv", rows), "", &v1alpha1.DatasetSpec{Label: "label"})
	m.is("leakage_auroc", "copy", "1")
	m.is("leakage_auroc", "reversed", "1")
	m.absent("leakage_purity", "id")
}

// Reference value: R's survival::concordance of age alone.
func TestSurvivalLeakageIsHarrellsIndex(t *testing.T) {
	frame, err := table.Read(context.Background(), lung)
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string][]string{}
	for _, name := range []string{"time", "status", "age"} {
		if columns[name], err = frame.Texts(name); err != nil {
			t.Fatal(err)
		}
	}
	var rows strings.Builder
	for row, status := range columns["status"] {
		event := map[string]string{"1": "0", "2": "1"}[status]
		rows.WriteString(columns["time"][row] + "," + event + "," + columns["age"][row] + "\n")
	}
	m := measureFiles(t, survivalFile(t, rows.String()), "", survivalContract())
	found, _ := m.find("leakage_auroc", "age")
	if math.Abs(found.Value.Float()-0.5502398) > 5e-8 || found.N != 228 {
		t.Errorf("age alone: %+v", found)
	}
	m.is("events", "", "165")
	m.is("non_events", "", "63")
}

func TestBrokenFollowUpIsCounted(t *testing.T) {
	m := measureFiles(t, survivalFile(t, "10,1,80\n-3,1,70\n,0,60\nsoon,2,50\n"), "", survivalContract())
	m.is("negative_times", "time", "1")
	m.is("label_missing", "time", "1")
	m.is("label_invalid", "time", "1")
	m.is("label_invalid", "event", "1")
	m.is("events", "", "2")
}

func survivalContract() *v1alpha1.DatasetSpec {
	return &v1alpha1.DatasetSpec{Time: "time", Event: "event"}
}

func survivalFile(t *testing.T, rows string) string {
	return write(t, "survival.csv", "time,event,age\n"+rows)
}
