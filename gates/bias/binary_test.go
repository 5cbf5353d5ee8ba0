package bias_test

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/bias"
)

type oracle struct {
	File    string
	ByGroup map[string]struct {
		Groups map[string]struct {
			N, Positives    int
			Selected        *float64 `json:"selection_rate"`
			TPR, FPR, AUROC *float64
		}
		Disparities struct {
			Parity          *float64 `json:"demographic_parity_difference"`
			ParityRatio     *float64 `json:"demographic_parity_ratio"`
			Opportunity     *float64 `json:"equal_opportunity_difference"`
			FalsePositives  *float64 `json:"fpr_difference"`
			EqualizedOdds   *float64 `json:"equalized_odds_difference"`
			AreaUnderTheROC *float64 `json:"auroc_gap"`
		}
	} `json:"by_group"`
}

func readOracle(t *testing.T) []oracle {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", "oracle.json"))
	if err != nil {
		t.Fatal(err)
	}
	var oracles []oracle
	if err := json.Unmarshal(content, &oracles); err != nil {
		t.Fatal(err)
	}
	return oracles
}

func readPredictions(t *testing.T, name string) (scores []float64, labels []bool, columns map[string][]string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(content))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	columns = map[string][]string{}
	for j, column := range rows[0] {
		for _, row := range rows[1:] {
			columns[column] = append(columns[column], row[j])
		}
	}
	for i, text := range columns["score"] {
		score, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		scores, labels = append(scores, score), append(labels, columns["label"][i] == "1")
	}
	return scores, labels, columns
}

// measurements finds by name and group.
type measurements []evidence.Measurement

func (all measurements) find(t *testing.T, name, group string) evidence.Measurement {
	t.Helper()
	for _, m := range all {
		if m.Name == name && m.Group == group {
			return m
		}
	}
	t.Fatalf("no %s of %q", name, group)
	return evidence.Measurement{}
}

func (all measurements) check(t *testing.T, name, group string, want *float64) {
	t.Helper()
	m := all.find(t, name, group)
	if err := m.Validate(); err != nil {
		t.Error(err)
	}
	if want == nil {
		if m.Value != "" || m.Method == "" {
			t.Errorf("%s of %s: got %q (%s), want no value and a reason", name, group, m.Value, m.Method)
		}
		return
	}
	if got := m.Value.Float(); !(math.Abs(got-*want) <= 1e-9) {
		t.Errorf("%s of %s: got %v, want %v", name, group, got, *want)
	}
	if m.Low != "" && !(m.Low.Float() <= m.Value.Float() && m.Value.Float() <= m.High.Float()) {
		t.Errorf("%s of %s: %s is not in [%s, %s]", name, group, m.Value, m.Low, m.High)
	}
}

func TestGapsAgreeWithTheOracle(t *testing.T) {
	for _, want := range readOracle(t) {
		scores, labels, columns := readPredictions(t, want.File)
		for column, expected := range want.ByGroup {
			measured, err := bias.Binary(scores, labels, .5, []bias.Attribute{{Column: column, Values: columns[column], Unsuppressed: true}})
			if err != nil {
				t.Fatal(err)
			}
			all := measurements(measured)
			all.check(t, "demographic_parity_difference", column, expected.Disparities.Parity)
			all.check(t, "demographic_parity_ratio", column, expected.Disparities.ParityRatio)
			all.check(t, "equal_opportunity_difference", column, expected.Disparities.Opportunity)
			all.check(t, "false_positive_rate_difference", column, expected.Disparities.FalsePositives)
			all.check(t, "equalized_odds_difference", column, expected.Disparities.EqualizedOdds)
			all.check(t, "auroc_gap", column, expected.Disparities.AreaUnderTheROC)
			for name, cohort := range expected.Groups {
				group := column + "=" + name
				all.check(t, "selection_rate", group, cohort.Selected)
				all.check(t, "sensitivity", group, cohort.TPR)
				all.check(t, "false_positive_rate", group, cohort.FPR)
				all.check(t, "auroc", group, cohort.AUROC)
				size, positives := float64(cohort.N), float64(cohort.Positives)
				all.check(t, "group_size", group, &size)
				all.check(t, "group_positives", group, &positives)
			}
		}
	}
}

func flags(text string) []bool {
	var result []bool
	for _, field := range strings.Fields(text) {
		result = append(result, field == "1")
	}
	return result
}

func sexes(values ...string) bias.Attribute {
	return bias.Attribute{Column: "sex", Values: values, Unsuppressed: true}
}

func TestCohortWithoutPositivesMayHideAnything(t *testing.T) {
	measured, err := bias.Binary(
		[]float64{.9, .1, .8, .2, .3, .4}, flags("1 0 1 0 0 0"), .5,
		[]bias.Attribute{sexes("a", "a", "b", "b", "c", "c")})
	if err != nil {
		t.Fatal(err)
	}
	gap := measurements(measured).find(t, "equal_opportunity_difference", "sex")
	if gap.Value != "0" || gap.High != "1" || gap.N != 0 {
		t.Errorf("got %+v", gap)
	}
}

func TestOneCohortHasNoGap(t *testing.T) {
	measured, err := bias.Binary([]float64{.9, .1}, flags("1 0"), .5, []bias.Attribute{sexes("a", "a")})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"demographic_parity_difference", "demographic_parity_ratio", "equalized_odds_difference", "equal_opportunity_difference", "auroc_gap"} {
		gap := measurements(measured).find(t, name, "sex")
		if gap.Value != "" || gap.Low != "0" || gap.High != "1" {
			t.Errorf("got %+v", gap)
		}
	}
}

func TestRowsWithoutCohortAreToldButNotCompared(t *testing.T) {
	measured, err := bias.Binary(
		[]float64{.9, .1, .8, .2, .1, .9}, flags("1 0 1 0 1 0"), .5,
		[]bias.Attribute{sexes("a", "a", "b", "b", "", "")})
	if err != nil {
		t.Fatal(err)
	}
	all := measurements(measured)
	zero := 0.
	all.check(t, "equal_opportunity_difference", "sex", &zero)
	all.check(t, "sensitivity", "sex=(missing)", &zero)
}

func TestFewPatientsNeverProveAGapSmall(t *testing.T) {
	measured, err := bias.Binary(
		[]float64{.9, .1, .8, .2}, flags("1 0 1 0"), .5, []bias.Attribute{sexes("a", "a", "b", "b")})
	if err != nil {
		t.Fatal(err)
	}
	all := measurements(measured)
	for _, name := range []string{"demographic_parity_difference", "equalized_odds_difference", "equal_opportunity_difference", "false_positive_rate_difference", "auroc_gap"} {
		if gap := all.find(t, name, "sex"); gap.High.Float() < .5 {
			t.Errorf("four patients prove %s below %s", name, gap.High)
		}
	}
	if needed := all.find(t, "positives_needed", "sex"); needed.Value != "70" || needed.N != 1 {
		t.Errorf("got %+v", needed) // 71 at a sensitivity of 1, less 1
	}
}

func TestWithoutColumnsThereIsNothingToCompare(t *testing.T) {
	measured, err := bias.Binary([]float64{.9, .1}, flags("1 0"), .5, nil)
	if err != nil || len(measured) != 1 || measured[0].Name != "group_columns" || measured[0].Value != "0" || measured[0].N != 2 {
		t.Errorf("got %+v, %v", measured, err)
	}
}

func TestHopelessCohorts(t *testing.T) {
	scores, labels := []float64{.9, .1}, flags("1 0")
	many := make([]string, 100)
	for i := range many {
		many[i] = strconv.Itoa(i)
	}
	for name, test := range map[string]struct {
		scores    []float64
		labels    []bool
		threshold float64
		attribute bias.Attribute
		want      string
	}{
		"too few values": {scores, labels, .5, sexes("a"), "1 values for 2 rows"},
		"an identifier":  {make([]float64, 100), append(make([]bool, 99), true), .5, sexes(many...), "at most 64 values"},
		"a long value":   {scores, labels, .5, sexes("a", strings.Repeat("x", 300)), "row 2"},
		"no threshold":   {scores, labels, 0, sexes("a", "b"), "not between 0 and 1"},
		"one class":      {scores, flags("1 1"), .5, sexes("a", "b"), "one class"},
		"a score is NaN": {[]float64{math.NaN(), .1}, labels, .5, sexes("a", "b"), "row 1"},
	} {
		_, err := bias.Binary(test.scores, test.labels, test.threshold, []bias.Attribute{test.attribute})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q in it", name, err, test.want)
		}
	}
}
