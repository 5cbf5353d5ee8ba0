package performance_test

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates/performance"
)

// column reads numbers of a file in testdata.
func column(t *testing.T, name, header string) []float64 {
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
	at := slices.Index(rows[0], header)
	var numbers []float64
	for _, row := range rows[1:] {
		number, err := strconv.ParseFloat(row[at], 64)
		if err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, number)
	}
	return numbers
}

func equal(numbers []float64, to float64) []bool {
	flags := make([]bool, len(numbers))
	for i, number := range numbers {
		flags[i] = number == to
	}
	return flags
}

func find(t *testing.T, measured []evidence.Measurement, name string) evidence.Measurement {
	t.Helper()
	for _, m := range measured {
		if m.Name == name {
			return m
		}
	}
	t.Fatalf("no %s", name)
	return evidence.Measurement{}
}

func near(t *testing.T, measured []evidence.Measurement, name string, want, tolerance float64) {
	t.Helper()
	m := find(t, measured, name)
	if got := m.Value.Float(); !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: got %v, want %v", name, got, want)
	}
	if m.Method == "" || m.Validate() != nil {
		t.Errorf("%s: no honest measurement: %+v", name, m)
	}
	if m.Low != "" && !(m.Low.Float() <= m.Value.Float() && m.Value.Float() <= m.High.Float()) {
		t.Errorf("%s: %s is not in [%s, %s]", name, m.Value, m.Low, m.High)
	}
}

func asah(t *testing.T) (scores []float64, labels []bool) {
	t.Helper()
	return column(t, "asah.csv", "p"), equal(column(t, "asah.csv", "y"), 1)
}

// Values of pROC, rms::val.prob and scikit-learn for the same predictions.
func TestBinaryAgreesWithRAndScikitLearn(t *testing.T) {
	scores, labels := asah(t)
	measured, err := performance.Binary(scores, labels, .5, performance.Champion{}, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]float64{
		"auroc": .7690058479, "auprc": .6425452340, "brier": .1902182186, "scaled_brier": .1278884, "log_loss": .5611079,
		"calibration_slope": 1.320981608, "calibration_intercept": -.543949715, "oe_ratio": .7400852,
		"sensitivity": 12. / 18, "specificity": 27. / 38, "ppv": 12. / 23, "npv": 27. / 33,
		"f1": 24. / 41, "mcc": 258 / math.Sqrt(23*33*18*38), "net_benefit": .0178571, "accuracy": 39. / 56,
		"balanced_accuracy": (12./18 + 27./38) / 2, "no_information_rate": 38. / 56, "events": 18, "non_events": 38, "champions": 0,
		"calibration_in_the_large": -.5586039632, "ece": .1436082692895, "ici": .1257460, "e50": .1017235, "e90": .2807331, "emax": .2941702, "prevalence": 18. / 56, "no_information_rate_p": .4498787074,
		"net_benefit_over_all": .375, "net_benefit_gain": .0178571,
	} {
		near(t, measured, name, want, 1e-5)
	}
	if curve := find(t, measured, "ici"); !strings.HasPrefix(curve.Method, "loess, span 0.75, degree 2") {
		t.Errorf("the smoother has no name: %+v", curve)
	}
	if sensitivity := find(t, measured, "sensitivity"); sensitivity.N != 18 || sensitivity.Method != "wilson" {
		t.Errorf("got %+v", sensitivity)
	}
	if len(measured) != 31 {
		t.Errorf("%d measurements", len(measured))
	}
}

func TestTheSameCandidateGivesTheSameMeasurements(t *testing.T) {
	scores, labels := asah(t)
	first, err := performance.Binary(scores, labels, .5, performance.Champion{}, [32]byte{7})
	if err != nil {
		t.Fatal(err)
	}
	again, err := performance.Binary(scores, labels, .5, performance.Champion{}, [32]byte{7})
	if err != nil || !slices.Equal(first, again) {
		t.Errorf("%v\n%v\n%v", first, again, err)
	}
}

func TestCandidateAgainstChampion(t *testing.T) {
	scores, labels := asah(t)
	worse := make([]float64, len(scores))
	for i, score := range scores {
		worse[i] = math.Abs(score - float64(i%3)*.2)
	}
	measured, err := performance.Binary(scores, labels, .5, performance.Champion{Scores: worse, Threshold: .5}, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	if champions := find(t, measured, "champions"); champions.Value != "1" || champions.N != 56 || champions.Method != "counted" {
		t.Errorf("got %+v", champions)
	}
	champion := find(t, measured, "champion_auroc").Value.Float()
	near(t, measured, "auroc_difference", .7690058479-champion, 1e-9)
	measured, err = performance.Binary(scores, labels, .5, performance.Champion{Scores: scores, Threshold: .5}, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	if same := find(t, measured, "auroc_difference"); same.Low != "0" || same.High != "0" || same.Method != "equal scores in every row" {
		t.Errorf("got %+v", same)
	}
}

func TestWhatDoesNotExistHasNoValueAndAReason(t *testing.T) {
	measured, err := performance.Binary([]float64{.1, .2, .3, .4}, []bool{false, true, false, true}, .5, performance.Champion{}, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ppv", "mcc"} {
		if m := find(t, measured, name); m.Value != "" || m.Low != "" || !strings.Contains(m.Method, "0/0") {
			t.Errorf("nobody is selected: %+v", m)
		}
	}
	measured, err = performance.Binary([]float64{.1, .2, .8, .9}, []bool{false, false, true, true}, .5, performance.Champion{}, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	if slope := find(t, measured, "calibration_slope"); slope.Value != "" || !strings.Contains(slope.Method, "separated") {
		t.Errorf("perfect separation: %+v", slope)
	}
	if auroc := find(t, measured, "auroc"); auroc.Value != "1" || auroc.Low.Float() > .2 {
		t.Errorf("four patients prove little: %+v", auroc)
	}
}

// Log odds rank patients as their probabilities do, and decide like them at the
// log odds of the threshold; calibrated they are not.
func TestScoresThatAreNoProbabilities(t *testing.T) {
	scores, labels := asah(t)
	odds := make([]float64, len(scores))
	for i, score := range scores {
		odds[i] = math.Log(score / (1 - score))
	}
	probable, err := performance.Binary(scores, labels, .5, performance.Champion{}, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	measured, err := performance.Binary(odds, labels, 0, performance.Champion{}, [32]byte{})
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range measured {
		switch m.Name {
		case "brier", "scaled_brier", "log_loss", "calibration_slope", "calibration_intercept", "calibration_in_the_large", "oe_ratio",
			"ici", "e50", "e90", "emax", "ece",
			"net_benefit", "net_benefit_over_all", "net_benefit_gain":
			if m.Value != "" || m.Low != "" || !strings.Contains(m.Method, "is not a probability") {
				t.Errorf("got %+v", m)
			}
		default:
			if m != probable[i] {
				t.Errorf("got %+v, want %+v", m, probable[i])
			}
		}
	}
}

func TestHopelessBinaryInput(t *testing.T) {
	labels := []bool{true, false}
	for name, test := range map[string]struct {
		scores, champion []float64
		labels           []bool
		threshold        float64
		want             string
	}{
		"no rows":              {nil, nil, nil, .5, "no rows"},
		"one class":            {[]float64{.1, .2}, nil, []bool{true, true}, .5, "one class"},
		"missing score":        {[]float64{.1, math.NaN()}, nil, labels, .5, "row 2"},
		"fewer scores":         {[]float64{.1}, nil, labels, .5, "2 and 1 rows"},
		"no threshold":         {[]float64{.1, .2}, nil, labels, 0, "not between 0 and 1"},
		"champion of one row":  {[]float64{.1, .2}, []float64{.1}, labels, .5, "champion's scores: columns of different length"},
		"champion is infinite": {[]float64{.1, .2}, []float64{.1, math.Inf(1)}, labels, .5, "champion's scores: row 2"},
	} {
		_, err := performance.Binary(test.scores, test.labels, test.threshold, performance.Champion{Scores: test.champion, Threshold: .5}, [32]byte{})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q in it", name, err, test.want)
		}
	}
}
