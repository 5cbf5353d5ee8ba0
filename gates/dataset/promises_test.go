package dataset

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

func TestRareValuesAreCounted(t *testing.T) {
	contract := &v1alpha1.DatasetSpec{Columns: []v1alpha1.Column{
		{Name: "age", Type: "number", Min: limit(0), Low: limit(30), High: limit(80)},
		{Name: "psa", Type: "number", High: limit(100)}, {Name: "sex", Type: "text"},
	}}
	m := measureFiles(t, write(t, "data.csv", "age,psa,sex\n29,1,m\n30,101,m\n81,,f\nabc,100,f\n,1e999,m\n"), "", contract)
	m.is("soft_limits_declared", "", "2")
	m.is("soft_range_violations", "age", "2")
	m.is("soft_range_violations", "psa", "1")
	m.absent("soft_range_violations", "sex")
	if found, _ := m.find("soft_range_violations", "age"); found.N != 4 {
		t.Errorf("two of %d values are rare", found.N)
	}
}

// Creatinine in mg/dL and in µmol/L differs by a factor of 88.4; whether a
// count is mostly 0 or a change goes both ways makes no difference.
func TestAnotherUnitMovesTheMedian(t *testing.T) {
	rows := func(factor float64) string {
		return rowsOf("creatinine,nodes,change,age", 40, func(i int) string {
			return fmt.Sprintf("%g,%g,%g,%d", factor*(0.6+float64(i%7)/10), factor*float64(max(0, i%10-7)), factor*float64(i%9-4), 50+i%20)
		})
	}
	contract := &v1alpha1.DatasetSpec{Columns: []v1alpha1.Column{
		{Name: "creatinine", Type: "number", Unit: "mg/dL"}, {Name: "nodes", Type: "number", Unit: "1"},
		{Name: "change", Type: "number", Unit: "[lb_av]"}, {Name: "age", Type: "integer"},
	}}
	m := measureFiles(t, write(t, "data.csv", rows(88.4)), write(t, "reference.csv", rows(1)), contract)
	m.is("units_compared", "", "3")
	for _, column := range []string{"creatinine", "nodes", "change"} {
		m.near("median_ratio", column, 88.4)
	}
	m.absent("median_ratio", "age") // no unit is agreed on
}

func TestColumnsOfNothingHaveNoScale(t *testing.T) {
	contract := &v1alpha1.DatasetSpec{Columns: []v1alpha1.Column{{Name: "a", Type: "number", Unit: "1"}, {Name: "b", Type: "number", Unit: "1"}}}
	m := measureFiles(t, write(t, "data.csv", "a,b\n0,1e308\n0,1e308\n"), write(t, "reference.csv", "a,b\n1,5e-324\n2,5e-324\n"), contract)
	m.is("units_compared", "", "0")
}

func reading(first, second string) (*v1alpha1.DatasetSpec, string) {
	var rows strings.Builder
	rows.WriteString("one,two\n")
	for i := range first {
		fmt.Fprintf(&rows, "%c,%c\n", first[i], second[i])
	}
	contract := &v1alpha1.DatasetSpec{Adjudication: v1alpha1.Adjudication{Method: "two pathologists, a third decides", Raters: []string{"one", "two"}}}
	return contract, strings.ReplaceAll(rows.String(), "?", "")
}

// Forty slides of fifty read alike, half of them malignant to either: kappa is
// (0.8-0.5)/(1-0.5), and its error √(0.8·0.2/50)/0.5.
func TestTwoReadersAgreeBeyondChance(t *testing.T) {
	contract, rows := reading(strings.Repeat("1", 25)+strings.Repeat("0", 25)+"1", strings.Repeat("1", 20)+strings.Repeat("0", 25)+strings.Repeat("1", 5)+"?")
	m := measureFiles(t, write(t, "data.csv", rows), "", contract)
	m.is("adjudication_stated", "", "1")
	m.is("raters", "", "2")
	m.near("kappa", "", 0.6)
	if found, _ := m.find("kappa", ""); found.N != 50 || !(found.Low.Float() > 0.37 && found.Low.Float() < 0.39) {
		t.Errorf("kappa is %+v", found)
	}
}

func TestReadersWhoCannotBeComparedAreSaidWhy(t *testing.T) {
	many := rowsOf("one,two", 30, func(i int) string { return fmt.Sprintf("%d,%d", i, i) })
	_, constant := reading("1111", "1111")
	_, apart := reading("1?1?", "?1?1")
	contract, _ := reading("", "")
	for rows, why := range map[string]string{
		many: "more than 20 words", constant: "one word for all", apart: "no rows", "one,other\n1,1\n": "lacks the column",
	} {
		found, has := measureFiles(t, write(t, "data.csv", rows), "", contract).find("kappa", "")
		if !has || found.Value != "" || !strings.Contains(found.Method, why) {
			t.Errorf("kappa is %+v, want %q", found, why)
		}
	}
}

func TestReadingsAreNoFeatures(t *testing.T) {
	contract, _ := reading("", "")
	contract.Label = "died"
	m := measureFiles(t, write(t, "data.csv", rowsOf("one,two,died", 40, func(i int) string { return fmt.Sprintf("%d,%d,%d", i%2, i%2, i%2) })), "", contract)
	m.absent("leakage_auroc", "one")
	m.is("kappa", "", "1")
}

func TestTheDayOfExtractionIsTold(t *testing.T) {
	contract := clinic()
	contract.Extracted = "2026-11-23"
	rows := "patient,age,sex,ecog,died\np1,50,male,0,0\n"
	m := measureFiles(t, write(t, "data.csv", rows), "", &contract)
	m.is("extracted_declared", "", "1")
	m.is("extracted", "", "1795478399")
	contract.Extracted = "last spring"
	m = measureFiles(t, write(t, "data.csv", rows), "", &contract)
	m.is("extracted_declared", "", "0")
	m.absent("extracted", "")
}

// All sixty women in their fifties died: to know that a patient is one of them
// is to know how it ended.
func TestACellOfOneOutcomeKeepsNoSecret(t *testing.T) {
	contract := clinic()
	row := func(i int) string { return fmt.Sprintf("p%d,5%d,female,0,1", i, i%10) }
	mixed := func(i int) string { return fmt.Sprintf("q%d,6%d,male,0,%d", i, i%10, i%2) }
	header := "patient,age,sex,ecog,died"
	m := measureGate(t, contract, rowsOf(header, 30, mixed), rowsOf(header, 60, row))
	m.is("uniform_cells", "", "1")
	m.is("least_diversity", "", "1")
	m = measureGate(t, contract, rowsOf(header, 10, row), rowsOf(header, 10, mixed))
	m.is("uniform_cells", "", "0") // cells under 11 are counted elsewhere
	if found, has := m.find("least_diversity", ""); !has || found.Value != "" || found.Method != "no cell has 11 patients" {
		t.Errorf("diversity of small cells is %+v", found)
	}
}

func TestCohortsThatNobodyBelongsToAreCounted(t *testing.T) {
	row := func(i int) string { return fmt.Sprintf("p%d,50,male,0,%d", i, i%2) }
	text := rowsOf("patient,age,sex,ecog,died", 20, row)
	m := measureGate(t, clinic(), strings.ReplaceAll(text, "male", "female"), text)
	m.is("cohorts_absent", "", "1")
	m.is("cohort_rows", "sex=female", "0")
}
