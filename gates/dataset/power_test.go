package dataset

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

// rowsOf writes so many rows, each by its number.
func rowsOf(header string, rows int, row func(i int) string) string {
	var text strings.Builder
	text.WriteString(header + "\n")
	for i := range rows {
		text.WriteString(row(i) + "\n")
	}
	return text.String()
}

// With a hundred rows on each side chance moves a column by 0.19, and a tenth
// of a shift cannot be told from it; with two thousand it can.
func TestDriftSaysWhatChanceAloneWouldDo(t *testing.T) {
	for _, test := range []struct {
		rows            int
		ksNull, psiNull float64
		sees            bool
	}{{100, 0.19206, 0.33838, false}, {2000, 0.04295, 0.016919, true}} {
		row := func(i int) string { return fmt.Sprintf("%d,%c", i, 'a'+i%3) }
		path := write(t, "data.csv", rowsOf("age,site", test.rows, row))
		m := measureFiles(t, path, path, nil)
		for name, want := range map[string]float64{"ks_null_95": test.ksNull, "psi_null_95": test.psiNull} {
			if found, _ := m.find(name, "age"); math.Abs(found.Value.Float()-want) > 5e-5 {
				t.Errorf("%s of %d rows is %v, want %v", name, test.rows, found.Value, want)
			}
		}
		for _, column := range []string{"age", "site"} {
			if found, _ := m.find("drift_power", column); (found.Value.Float() >= 0.8) != test.sees {
				t.Errorf("the power of %d rows of %s is %v", test.rows, column, found.Value)
			}
		}
		m.is("cramers_v", "site", "0")
		m.is("drift_rows_needed", "age", "159")  // 2·((1.3581+0.8416/2)/0.2)²
		m.is("drift_rows_needed", "site", "121") // R's pwr.chisq.test(w = 0.2, df = 2, power = 0.8): 240.9, half of it
	}
}

// The power that is foretold for so many rows is what they have.
func TestRowsThatAreSaidToBeEnoughAre(t *testing.T) {
	for _, rows := range []int{158, 159} {
		path := write(t, "data.csv", rowsOf("age", rows, func(i int) string { return fmt.Sprint(i) }))
		if found, _ := measureFiles(t, path, path, nil).find("drift_power", "age"); (found.Value.Float() >= 0.8) != (rows == 159) {
			t.Errorf("the power of %d rows is %v", rows, found.Value)
		}
	}
}

func TestTextOfOneLevelCouldHaveHadAnother(t *testing.T) {
	path := write(t, "data.csv", rowsOf("site", 99, func(int) string { return "a" }))
	m := measureFiles(t, path, path, nil)
	if found, _ := m.find("drift_power", "site"); !(found.Value.Float() >= 0.8) {
		t.Errorf("power %+v", found)
	}
	m.is("drift_rows_needed", "site", "99")
}

// Chi-square by hand: 100 rows a side, 60 against 40 is 8, and V is 0.2;
// corrected, √((8/200-1/199)/(2-1/199-1)).
func TestCramersVIsCorrected(t *testing.T) {
	half := func(first int) string {
		return rowsOf("sex", 100, func(i int) string {
			if i < first {
				return "female"
			}
			return "male"
		})
	}
	m := measureFiles(t, write(t, "data.csv", half(60)), write(t, "reference.csv", half(40)), nil)
	m.near("cramers_v", "sex", math.Sqrt((0.04-1.0/199)/(1-1.0/199)))
	found, _ := m.find("drift_power", "sex") // R's pwr.chisq.test(w = 0.2, N = 200, df = 1)
	if math.Abs(found.Value.Float()-0.8074304) > 5e-6 {
		t.Errorf("power %v", found.Value)
	}
}

func TestTheDomainClassifierSeesAShift(t *testing.T) {
	row := func(shift int) func(i int) string {
		return func(i int) string { return fmt.Sprintf("%d,%d", (i*37)%101+shift, (i*53)%97) }
	}
	same := write(t, "same.csv", rowsOf("age,dose", 400, row(0)))
	found, _ := measureFiles(t, same, same, nil).find("domain_classifier_auroc", "")
	if low, high := found.Low.Float(), found.High.Float(); low > 0.5 || high < 0.5 || found.N != 800 {
		t.Errorf("equal samples are told apart: %+v", found)
	}
	moved := write(t, "moved.csv", rowsOf("age,dose", 400, row(40)))
	if found, _ = measureFiles(t, moved, same, nil).find("domain_classifier_auroc", ""); found.Low.Float() < 0.65 {
		t.Errorf("a shift by 40 years is not seen: %+v", found)
	}
}

// Newcombe 1998, table II, row (a): 56/70 against 48/80 is 0.2 (0.0524, 0.3339).
func TestPrevalenceDifferenceHasNewcombesInterval(t *testing.T) {
	cohort := func(events, rows int) string {
		return rowsOf("died", rows, func(i int) string {
			if i < events {
				return "1"
			}
			return "0"
		})
	}
	m := measureFiles(t, write(t, "data.csv", cohort(56, 70)), write(t, "reference.csv", cohort(48, 80)), &v1alpha1.DatasetSpec{Label: "died"})
	found, _ := m.find("prevalence_difference", "")
	for got, want := range map[evidence.Decimal]float64{found.Value: 0.2, found.Low: 0.0524, found.High: 0.3339} {
		if math.Abs(got.Float()-want) > 5e-5 {
			t.Errorf("difference %+v", found)
		}
	}
}
