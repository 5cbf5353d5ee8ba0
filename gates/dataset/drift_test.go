package dataset

import (
	"math"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

const lung = "testdata/lung_ncctg.csv"

// Reference values: R's ks.test and wilcox.test, scipy's wasserstein_distance.
func TestLungCancerDriftMatchesRAndScipy(t *testing.T) {
	for _, test := range []struct {
		column, group                                string
		ks, ksP, u, uP, wasserstein, psi, jsDistance float64
	}{
		{"age", "sex", 0.144927536231884, 0.20265980015068982, 5283.5, 0.0570062814517115, 2.40579710144928, 0.110430360549662, 0.140397324138179},
		{"ph_karno", "status", 0.193766937669377, 0.06556601185091053, 3971.5, 0.00530036944618652, 5.00677506775068, 0.256673195157426, 0.211653968062813},
		{"wt_loss", "sex", 0.177688953488372, 0.07768198331997275, 4535.5, 0.0288873453763402, 3.8702761627907, 0.251837670927006, 0.210010726974598},
	} {
		t.Run(test.column+" by "+test.group, func(t *testing.T) {
			m := measureFiles(t, partOf(t, lung, test.group, "2"), partOf(t, lung, test.group, "1"), nil)
			m.near("ks", test.column, test.ks)
			m.near("ks_p_value", test.column, test.ksP)
			m.near("mann_whitney_u", test.column, test.u)
			m.near("mann_whitney_p_value", test.column, test.uP)
			m.near("wasserstein", test.column, test.wasserstein)
			m.near("psi", test.column, test.psi)
			m.near("js_distance", test.column, test.jsDistance)
		})
	}
}

// Reference values: R's chisq.test(correct = FALSE) on status by sex.
func TestTextDriftMatchesR(t *testing.T) {
	contract := &v1alpha1.DatasetSpec{Columns: []v1alpha1.Column{{Name: "status", Type: "text"}}}
	m := measureFiles(t, partOf(t, lung, "sex", "2"), partOf(t, lung, "sex", "1"), contract)
	m.near("chi_square", "status", 13.5111746868269)
	m.near("chi_square_p_value", "status", 0.000237147046203486)
	m.near("chi_square_p_holm", "status", 0.000237147046203486)
}

func TestHolmRunsOverTheColumns(t *testing.T) {
	m := measureFiles(t, partOf(t, lung, "sex", "2"), partOf(t, lung, "sex", "1"), nil)
	columns, smallest := 0, 1.0
	for _, found := range m.list {
		if found.Name == "ks_p_value" {
			columns++
			smallest = min(smallest, found.Value.Float())
		}
	}
	adjusted := 1.0
	for _, found := range m.list {
		if found.Name == "ks_p_holm" {
			adjusted = min(adjusted, found.Value.Float())
		}
	}
	if columns != 10 || adjusted != min(1, float64(columns)*smallest) {
		t.Errorf("smallest of %d p-values is %v, adjusted %v", columns, smallest, adjusted)
	}
}

func TestCodesWithoutDecilesStillShowDrift(t *testing.T) {
	reference := write(t, "reference.csv", "smoker\n"+strings.Repeat("0\n", 6)+strings.Repeat("1\n", 5))
	m := measureFiles(t, write(t, "data.csv", "smoker\n"+strings.Repeat("1.0\n", 11)), reference, nil)
	m.is("psi", "smoker", "0")
	m.near("psi_by_value", "smoker", 6.0/11*math.Log(11.0/5)+(6.0/11-1e-4)*math.Log(6.0/11/1e-4))
	m.near("ks", "smoker", 6.0/11)
}

func TestConstantColumnsDoNotDrift(t *testing.T) {
	same := write(t, "same.csv", "site,unit\n1,mm\n1,mm\n")
	m := measureFiles(t, same, same, nil)
	m.is("ks_p_value", "site", "1")
	m.is("mann_whitney_u", "site", "2")
	m.is("mann_whitney_p_value", "site", "1")
	m.is("chi_square_p_value", "unit", "1")
	m.is("psi", "unit", "0")
}
