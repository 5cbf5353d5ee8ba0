package stats_test

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// oracle holds results that R, scipy and scikit-learn gave for the data in
// testdata.
type oracle struct {
	TwoSample []struct {
		ID, Dataset, Column, A, B string
		GroupColumn               string `json:"group_column"`
		KS                        struct {
			D     float64
			P     float64 `json:"p_asymptotic_kolmogorov_series"`
			Exact float64 `json:"p_exact_ignoring_ties"`
		}
		MannWhitney struct {
			U   float64 `json:"U_a"`
			AUC float64 `json:"auc_a_gt_b"`
			P   float64 `json:"p_normal_tiecorr_continuity"`
		} `json:"mann_whitney"`
		Wasserstein float64 `json:"wasserstein_1"`
		PSI         struct {
			Edges     []float64 `json:"inner_edges"`
			Reference []int     `json:"ref_counts"`
			Current   []int     `json:"cur_counts"`
			PSI       float64
			JS        float64 `json:"js_distance_base2"`
		}
	} `json:"two_sample"`
	ChiSquare []struct {
		Dataset     string
		Observed    [][]int
		Chi2, P     float64
		DF          int
		MinExpected float64 `json:"min_expected"`
	} `json:"chi_square"`
	MultipleTesting struct {
		P, Holm           []float64
		BenjaminiHochberg []float64 `json:"benjamini_hochberg"`
	} `json:"multiple_testing"`
	DeLongPaired []struct {
		ID, Dataset string
		MarkerA     string    `json:"marker_a"`
		MarkerB     string    `json:"marker_b"`
		AUCA        float64   `json:"auc_a"`
		AUCB        float64   `json:"auc_b"`
		VarA        float64   `json:"var_a"`
		VarB        float64   `json:"var_b"`
		CIA         []float64 `json:"ci95_a"`
		Z, P        float64
	} `json:"delong_paired"`
	DeLongUnpaired []struct {
		AUCA float64 `json:"auc_a"`
		AUCB float64 `json:"auc_b"`
		VarA float64 `json:"var_a"`
		VarB float64 `json:"var_b"`
	} `json:"delong_unpaired"`
	Logistic []struct {
		ID      string
		FullFit struct {
			Coef, SE []float64
			LogLik   float64
			Apparent struct {
				AUC float64
				SE  float64 `json:"auc_delong_se"`
			}
		} `json:"full_fit"`
	}
	Cox []struct {
		ID    string
		Efron struct {
			Coef, SE []float64
			LogLik   float64
		}
		Harrell struct{ Concordance, SE float64 } `json:"harrell_c"`
		Uno     float64                           `json:"uno_c_n_over_G2"`
	}
	KaplanMeier []struct {
		ID     string
		Groups []struct {
			Group       string
			Times, Surv []float64
			SE          []float64 `json:"greenwood_se"`
			AtRisk      []int     `json:"n_risk"`
		}
	} `json:"kaplan_meier"`
	Predictions []struct {
		File    string
		Overall struct {
			TP, FP, TN, FN                   int
			TPR, TNR, FPR, PPV, NPV, F1, MCC float64
			Accuracy, AUROC, Brier           float64
			SelectionRate                    float64            `json:"selection_rate"`
			BalancedAccuracy                 float64            `json:"balanced_accuracy"`
			AveragePrecision                 float64            `json:"average_precision"`
			LogLoss                          float64            `json:"log_loss"`
			ScaledBrier                      float64            `json:"scaled_brier"`
			CalibrationIntercept             float64            `json:"calibration_intercept"`
			CalibrationSlope                 float64            `json:"calibration_slope"`
			CalibrationInTheLarge            float64            `json:"calibration_in_the_large"`
			OERatio                          float64            `json:"oe_ratio"`
			NetBenefit                       map[string]float64 `json:"net_benefit"`
		}
	}
}

func readOracle(t *testing.T) oracle {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", "oracle.json"))
	if err != nil {
		t.Fatal(err)
	}
	var o oracle
	if err := json.Unmarshal(content, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// patients is a data set by column, as text.
type patients map[string][]string

func readPatients(t *testing.T, name string) patients {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	data := patients{}
	for j, column := range rows[0] {
		for _, row := range rows[1:] {
			data[column] = append(data[column], row[j])
		}
	}
	return data
}

// number reads a column; a missing value is NaN.
func (p patients) number(t *testing.T, column string) []float64 {
	t.Helper()
	var values []float64
	for _, text := range p[column] {
		value := math.NaN()
		if text != "" {
			var err error
			if value, err = strconv.ParseFloat(text, 64); err != nil {
				t.Fatal(err)
			}
		}
		values = append(values, value)
	}
	return values
}

func (p patients) is(column, value string) []bool {
	var equal []bool
	for _, text := range p[column] {
		equal = append(equal, text == value)
	}
	return equal
}

// near compares with a relative tolerance; the texts of the oracle carry 15
// digits.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tolerance*math.Max(math.Abs(want), 1e-300) {
		t.Errorf("%s: got %.15g, want %.15g", what, got, want)
	}
}

const (
	closed   = 1e-9 // closed formulas
	iterated = 1e-6 // iterative fits
	printed  = 1e-6 // values that a paper or manual prints with seven digits
)
