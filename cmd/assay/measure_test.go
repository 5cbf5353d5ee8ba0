package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// jsonMeasurement is a measurement as a script reads it.
type jsonMeasurement struct {
	Name             string
	Value, Low, High *float64
	N                int
	Group, Method    string
}

// measure runs the command of a person at a terminal.
func measure(t *testing.T, arguments ...string) (string, error) {
	t.Helper()
	command := newMeasure()
	command.SilenceUsage, command.SilenceErrors = true, true
	var stdout bytes.Buffer
	command.SetOut(&stdout)
	command.SetErr(io.Discard)
	command.SetArgs(arguments)
	err := command.ExecuteContext(context.Background())
	return stdout.String(), err
}

// measureJSON runs the command of a script, and files its answer by name and group.
func measureJSON(t *testing.T, arguments ...string) map[string]jsonMeasurement {
	t.Helper()
	answer, err := measure(t, append(arguments, "-o", "json")...)
	if err != nil {
		t.Fatal(err)
	}
	var all []jsonMeasurement
	decoder := json.NewDecoder(strings.NewReader(answer))
	if err := decoder.Decode(&all); err != nil {
		t.Fatalf("%v in %s", err, answer)
	}
	filed := make(map[string]jsonMeasurement, len(all))
	for _, m := range all {
		filed[strings.TrimSpace(m.Name+" "+m.Group)] = m
	}
	return filed
}

func agreeWithin(t *testing.T, got map[string]jsonMeasurement, want map[string]float64, tolerance float64) {
	t.Helper()
	for name, expected := range want {
		m, measured := got[name]
		switch {
		case !measured:
			t.Errorf("there is no %s", name)
		case m.Value == nil:
			t.Errorf("%s has no value: %s", name, m.Method)
		case !(math.Abs(*m.Value-expected) <= tolerance):
			t.Errorf("%s: got %v, want %v", name, *m.Value, expected)
		case m.Low != nil && !(*m.Low <= *m.Value && *m.Value <= *m.High):
			t.Errorf("%s: %v is not in [%v, %v]", name, *m.Value, *m.Low, *m.High)
		}
	}
}

func writeHoldout(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "holdout.csv")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

var coad = []string{"--predictions", "testdata/tcga_coad.csv", "--label", "label", "--score", "score"}

// scikit-learn and, for the recalibration, R.
var ofCoad = map[string]float64{
	"auroc": .7235868600177566, "auprc": .4714836978043795, "brier": .1527305088305305, "scaled_brier": .11408168893802961,
	"log_loss": .47362549475599025, "calibration_slope": .9434302156276424, "calibration_intercept": .07453163773186296,
	"sensitivity": .16129032258064516, "specificity": .963302752293578, "ppv": .5555555555555556, "npv": .8015267175572519,
	"f1": .25, "mcc": .21092647626649863, "net_benefit": .007142857142857142, "oe_ratio": 1.1048452545185459, "champions": 0,
}

func TestMeasuredPerformanceAgreesWithScikitLearn(t *testing.T) {
	command := append([]string{"performance"}, coad...)
	agreeWithin(t, measureJSON(t, command...), ofCoad, 1e-6)
	agreeWithin(t, measureJSON(t, append(command, "--threshold", "0.2")...), map[string]float64{"net_benefit": .08214285714285713}, 1e-9)
	compared := measureJSON(t, append(command, "--champion", "score")...)
	agreeWithin(t, compared, map[string]float64{"champions": 1, "auroc_difference": 0, "champion_auroc": .7235868600177566}, 1e-9)
	// The same scores, decided on lower: 5 of 31 events were found at 0.5.
	lower := measureJSON(t, append(command, "--champion", "score", "--champion-threshold", "0.2")...)
	if lost := lower["sensitivity_difference"].Value; lost == nil || !(*lost < -0.3) {
		t.Errorf("sensitivity differs by %v from that at a lower threshold", lost)
	}
}

// R: survival::concordance of coxph's linear predictor, and the same with
// timewt = "n/G2".
func TestMeasuredSurvivalAgreesWithR(t *testing.T) {
	of := []string{"--predictions", "testdata/lung.csv", "--time", "days", "--event", "died", "--score", "score"}
	agreeWithin(t, measureJSON(t, append([]string{"performance"}, of...)...), map[string]float64{
		"c_index": .637135493000455, "uno_c": .62614829521427, "events": 164, "champions": 0,
	}, 1e-9)
	gaps := measureJSON(t, append([]string{"bias", "--group", "sex"}, of...)...)
	gap := *gaps["c_index sex=male"].Value - *gaps["c_index sex=female"].Value
	agreeWithin(t, gaps, map[string]float64{"c_index_gap sex": math.Abs(gap), "group_size sex=female": 90}, 1e-9)
}

func TestMeasuredBiasAgreesWithTheOracle(t *testing.T) {
	agreeWithin(t, measureJSON(t, append([]string{"bias", "--group", "gender,age_band"}, coad...)...), map[string]float64{
		"demographic_parity_difference gender": .017857142857142856, "demographic_parity_ratio gender": .75,
		"equalized_odds_difference gender": .02342657342657343, "equal_opportunity_difference gender": .008771929824561403,
		"auroc_gap gender": .07096368543736964, "auroc_gap age_band": .12293650793650801, "auroc gender=FEMALE": .7689393939393939,
	}, 1e-9)
}

// R's ks.test, wilcox.test and chisq.test, scipy's wasserstein_distance.
func TestMeasuredDriftAgreesWithR(t *testing.T) {
	measured := measureJSON(t, "dataset", "--data", "testdata/lung_female.csv", "--reference", "testdata/lung_male.csv")
	agreeWithin(t, measured, map[string]float64{
		"ks age": .144927536231884, "mann_whitney_u age": 5283.5, "wasserstein age": 2.40579710144928, "psi age": .110430360549662,
		"js_distance age": .140397324138179, "chi_square status": 13.5111746868269, "missing_fraction age": 0,
	}, 1e-9)
	if repeated := measured["duplicate_rows"]; repeated.Value == nil || *repeated.Value != 160 || repeated.N != 228 {
		t.Errorf("got %+v", repeated)
	}
}

func TestContractSaysWhatTheDataOweIt(t *testing.T) {
	contract := writeHoldout(t, `apiVersion: assay.dev/v1alpha1
kind: Dataset
metadata: { name: lung }
spec:
  source: data.csv
  digest: sha256:`+strings.Repeat("0", 64)+`
  key: patient
  label: died
  split: { column: part, train: a, holdout: b }
  columns:
    - { name: patient, type: text, required: true }
    - { name: died, type: integer, min: 0, max: 1, required: true }
    - { name: age, type: number, min: 18, max: 90 }
    - { name: part, type: text }
  dataUse: { agreement: none, purposes: [test], expires: "2030-01-01", deidentification: safe_harbor }
`)
	data := writeHoldout(t, "patient,part,died,age\nA,a,1,60\nB,b,0,17\nB,b,,old\n")
	agreeWithin(t, measureJSON(t, "dataset", "--data", data, "--contract", contract), map[string]float64{
		"range_violations age": 1, "type_violations age": 1, "required_missing died": 1, "duplicate_keys": 1,
	}, 0)
}

// The seed comes from the bytes of the file, so auprc's interval may differ
// between formats; the numbers may not.
func TestParquetMeasuresTheSame(t *testing.T) {
	database, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	path := filepath.Join(t.TempDir(), "predictions.parquet")
	if _, err := database.Exec(fmt.Sprintf(
		"COPY (SELECT label = 1 AS label, score, gender FROM read_csv('testdata/tcga_coad.csv')) TO '%s' (FORMAT parquet)", path)); err != nil {
		t.Fatal(err)
	}
	of := []string{"--predictions", path, "--label", "label", "--score", "score"}
	agreeWithin(t, measureJSON(t, append([]string{"performance"}, of...)...), ofCoad, 1e-6)
	agreeWithin(t, measureJSON(t, append([]string{"bias", "--group", "gender"}, of...)...), map[string]float64{"auroc_gap gender": .07096368543736964}, 1e-9)
	agreeWithin(t, measureJSON(t, "dataset", "--data", path, "--reference", "testdata/tcga_coad.csv"), map[string]float64{"ks score": 0, "rows data": 140}, 1e-9)
}

func TestTheSameFileGivesTheSameBytes(t *testing.T) {
	command := append([]string{"performance", "-o", "json"}, coad...)
	first, err := measure(t, command...)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := measure(t, command...); err != nil || again != first {
		t.Errorf("%v\n%s\n%s", err, first, again)
	}
}

func TestTenRowsAreMeasuredAndProveLittle(t *testing.T) {
	path := writeHoldout(t, "y,p,sex\n1,.9,f\n0,.1,f\n1,.8,m\n0,.3,m\n0,.2,f\n1,.4,m\n0,.5,f\n0,.1,m\n1,.7,f\n0,.6,m\n")
	of := []string{"--predictions", path, "--label", "y", "--score", "p"}
	auroc := measureJSON(t, append([]string{"performance"}, of...)...)["auroc"]
	if auroc.Value == nil || *auroc.High-*auroc.Low < .2 {
		t.Errorf("got %+v", auroc)
	}
	gap := measureJSON(t, append([]string{"bias", "--group", "sex", "--unsuppressed"}, of...)...)["equal_opportunity_difference sex"]
	if gap.Value == nil || *gap.High < .5 {
		t.Errorf("got %+v", gap)
	}
}

func TestWhatCannotBeMeasuredIsNullAndSaysWhy(t *testing.T) {
	path := writeHoldout(t, "y,log_odds\n1,2.5\n0,-1\n1,-.5\n0,-3\n0,.1\n")
	of := []string{"performance", "--predictions", path, "--label", "y", "--score", "log_odds", "--threshold", "0"}
	measured := measureJSON(t, of...)
	agreeWithin(t, measured, map[string]float64{"auroc": 5. / 6, "sensitivity": .5}, 1e-9)
	for _, name := range []string{"brier", "calibration_slope", "net_benefit"} {
		if m := measured[name]; m.Value != nil || m.Low != nil || !strings.Contains(m.Method, "row 1: a value is out of range: 2.5 is not a probability") {
			t.Errorf("got %+v", m)
		}
	}
	text, err := measure(t, of...)
	if err != nil || !strings.Contains(text, "NAME ") || !strings.Contains(text, "is not a probability") {
		t.Errorf("got %v, %s", err, text)
	}
}

func TestTablesAreForTerminals(t *testing.T) {
	path := writeHoldout(t, "y,p,site\n1,.9,\"a\x1b[2J\"\n0,.1,\"a\x1b[2J\"\n1,.8,b\n0,.3,b\n")
	text, err := measure(t, "bias", "--predictions", path, "--label", "y", "--score", "p", "--group", "site")
	if err != nil || strings.Contains(text, "\x1b") || !strings.Contains(text, "site=a\uFFFD[2J") {
		t.Errorf("got %v, %q", err, text)
	}
	text, err = measure(t, append([]string{"performance"}, coad...)...)
	if err != nil || !strings.Contains(text, "auroc                     -      0.7236    [0.6224, 0.8247]      140  delong\n") {
		t.Errorf("got %v, %s", err, text)
	}
}
