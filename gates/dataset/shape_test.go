package dataset

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

func TestColumnsThatSayNothingOrTooMuchAreCounted(t *testing.T) {
	m := measureFiles(t, write(t, "data.csv", rowsOf("unit,rare,ward,weight,grams,note", 200, func(i int) string {
		weight := 60 + (i*37)%29
		if i == 7 {
			weight = 6000
		}
		return fmt.Sprintf("mm,%d,%c,%d,%d,n%dx", btoi(i == 3), 'a'+i%4, weight, 1000*weight, i)
	})), "", nil)
	m.is("constant_columns", "", "1")
	m.is("near_constant_columns", "", "1")
	m.is("commonest_fraction", "unit", "1")
	m.is("commonest_fraction", "ward", "0.25")
	m.is("distinct_fraction", "note", "1")
	m.is("outlier_fraction", "weight", "0.005")
	m.is("outlier_fraction", "rare", "0") // of a code, no level is far out
	m.is("constant_features", "", "2")
	m.is("collinear_features", "", "1")
	m.is("collinear_pairs", "", "1")
	m.near("correlation", "weight:grams", 1)
	if found, _ := m.find("variance_inflation", ""); !strings.Contains(found.Method, "linearly dependent") {
		t.Errorf("inflation of a copy: %+v", found)
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Reference value: R's car::vif; with two columns it is 1/(1-r²).
func TestVarianceInflationOfTwoColumns(t *testing.T) {
	m := measureFiles(t, write(t, "data.csv", "a,b\n1,2\n2,1\n3,4\n4,3\n5,5\n"), "", nil)
	m.near("variance_inflation", "a", 1/(1-0.8*0.8))
	m.is("collinear_pairs", "", "0")
}

func TestWhoMissesValuesIsMeasured(t *testing.T) {
	contract := &v1alpha1.DatasetSpec{Label: "died", Groups: []string{"sex"}}
	m := measureFiles(t, write(t, "data.csv", rowsOf("psa,sex,died", 200, func(i int) string {
		psa := "4.1"
		if i%2 == 1 && i%5 < 2 {
			psa = "" // of those who died, two in five
		}
		return fmt.Sprintf("%s,%s,%d", psa, []string{"female", "male"}[i/100], i%2)
	})), "", contract)
	m.near("missing_difference_by_label", "psa", 0.4)
	m.near("missing_difference_by_group", "psa:sex", 0)
	m.is("missing_differences", "", "2")
	m.is("missing_difference_by_group_p_holm", "psa:sex", "1")
	// scipy: fisher_exact([[40, 0], [60, 100]]) = 1.06e-14
	if found, has := m.find("missing_difference_by_label_p_holm", "psa"); !has || !(found.Value.Float() < 1e-13 && found.Value.Float() > 1e-15) {
		t.Errorf("the difference is by chance: %+v", found)
	}
	m.absent("missing_difference_by_group", "sex:sex")
}

func TestSmallCellsAreNeverTold(t *testing.T) {
	contract := clinic()
	row := func(i int) string {
		sex, age := "female", 50
		if i < 7 {
			sex = "male"
		}
		if i == 20 {
			age = 61
		}
		return fmt.Sprintf("p%d,%d,%s,,%d", i, age, sex, i%2)
	}
	m := measureGate(t, contract, rowsOf("patient,age,sex,ecog,died", 30, row), "patient,age,sex,ecog,died\nq1,50,female,,0\n")
	m.is("quasi_identifiers", "", "2")
	m.is("cells_under_11", "", "2")
	if found, has := m.find("smallest_cell", ""); !has || found.Value != "" || found.Method != "<11" {
		t.Errorf("the smallest cell is told: %+v", found)
	}
	if found, has := m.find("cohort_rows", "sex=female"); !has || found.Value != "" || found.Method != "<11" {
		t.Errorf("a small cohort is told: %+v", found)
	}
	m.is("cohort_rows", "sex=male", "0") // declared, and nobody is there
	large := func(i int) string { return fmt.Sprintf("p%d,%d,%s,,%d", i, 50, []string{"female", "male"}[i%2], i%2) }
	m = measureGate(t, contract, rowsOf("patient,age,sex,ecog,died", 30, large), "patient,age,sex,ecog,died\nq1,50,female,,0\n")
	m.is("cells_under_11", "", "0")
	m.is("smallest_cell", "", "15")
}

func TestNearlyEqualRowsAreFound(t *testing.T) {
	m := measureFiles(t, write(t, "data.csv", "dose,site\n1000,a\n12.30,a\n12.3,a\n12.31,a\n12.3,b\n800,a\n"), "", nil)
	m.is("near_duplicate_rows", "", "2")
	m.is("duplicate_rows", "", "0")
}

// Riley 2020: half of the patients have the event, so the largest R² is 3/4.
func TestPatientsAreEnoughOrNot(t *testing.T) {
	contract := &v1alpha1.DatasetSpec{Label: "died"}
	m := measureFiles(t, write(t, "data.csv", rowsOf("a,b,stage,died", 200, func(i int) string {
		return fmt.Sprintf("%d,%d,%c,%d", (i*37)%101, (i*53)%97, 'A'+i%3, i/2%2)
	})), "", contract)
	m.is("model_parameters", "", "4")
	m.is("events_per_variable", "", "25")
	r2 := 0.15 * 0.75
	m.near("development_n_required", "", max(math.Ceil(0.25*1.96*1.96/0.0025), math.Ceil(4/(-0.1*math.Log(1-r2/0.9)))))
	width, _ := m.find("c_statistic_width", "") // Hanley and McNeil 1982
	q1, q2 := 0.75/1.25, 2*0.75*0.75/1.75
	want := 2 * 1.959963984540054 * math.Sqrt((0.75*0.25+99*(q1-0.75*0.75)+99*(q2-0.75*0.75))/1e4)
	if math.Abs(width.Value.Float()-want) > 1e-9 {
		t.Errorf("width %v, want %v", width.Value, want)
	}
	m = measureFiles(t, write(t, "data.csv", "a,died\n1,0\n2,0\n"), "", contract)
	if found, has := m.find("development_n_required", ""); !has || found.Value != "" {
		t.Errorf("patients needed without events: %+v", found)
	}
}

// Half of all patients have a value of thousands, which is the tail of a
// laboratory value and no mistake; a lost decimal point is.
func TestALongTailHasNoOutliers(t *testing.T) {
	row := func(i int) string {
		if i == 99 {
			return "0.00000001,3800"
		}
		return fmt.Sprintf("%g,%d", math.Exp(float64(i%25)/3), 370+i%8)
	}
	m := measureFiles(t, write(t, "data.csv", rowsOf("cea,temperature", 200, row)), "", nil)
	m.is("outlier_fraction", "cea", "0")
	m.is("outlier_fraction", "temperature", "0.005")
	m.is("number_features", "", "2")
}

// Of survival the event counts, whenever it came.
func TestSurvivalModelsNeedPatientsToo(t *testing.T) {
	rows := rowsOf("time,event,age", 200, func(i int) string { return fmt.Sprintf("%d,%d,%d", i+1, i%2, (i*37)%101) })
	m := measureFiles(t, write(t, "data.csv", rows), "", survivalContract())
	m.is("development_n_required", "", "385")
	m.is("events_per_variable", "", "100")
	m.absent("c_statistic_width", "")
}

func TestFollowUpIsTold(t *testing.T) {
	m := measureFiles(t, survivalFile(t, "10,0,80\n20,1,70\n30,0,60\n40,0,50\n"), "", survivalContract())
	m.is("censored_fraction", "data", "0.75")
	m.is("follow_up_maximum", "data", "40")
	m.is("follow_up_median", "data", "30")
}
