package outcome_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/outcome"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

func read(t *testing.T, content string) outcome.Table {
	t.Helper()
	path := filepath.Join(t.TempDir(), "holdout.csv")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	frame, err := table.Read(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	return outcome.Table{File: "holdout.csv", Source: frame}
}

func TestLabelsThatMeanOneThingOnly(t *testing.T) {
	for name, content := range map[string]string{
		"codes":           "died\n1\n0\n",
		"numbers":         "died\n1.0\n0e3\n",
		"words":           "died\ntrue\nfalse\n",
		"words of R":      "died\nTRUE\nFALSE\n",
		"words of Python": "died\nTrue\nFalse\n",
	} {
		happened, err := read(t, content).Binary("died")
		if err != nil || !slices.Equal(happened.Event, []bool{true, false}) || happened.Time != nil {
			t.Errorf("%s: got %+v, %v", name, happened, err)
		}
	}
}

func TestFollowUp(t *testing.T) {
	happened, err := read(t, "days,died\n0,1\n12.5,0\n").Survival("days", "died")
	if err != nil || !slices.Equal(happened.Time, []float64{0, 12.5}) || !slices.Equal(happened.Event, []bool{true, false}) {
		t.Errorf("got %+v, %v", happened, err)
	}
}

func TestHoldoutReadsWhatTheContractDeclares(t *testing.T) {
	holdout := read(t, "days,died,relapsed\n10,1,0\n20,0,1\n")
	contract := v1alpha1.DatasetSpec{Label: "relapsed", Time: "days", Event: "died"}
	for task, want := range map[v1alpha1.Task][]bool{v1alpha1.Binary: {false, true}, v1alpha1.Survival: {true, false}} {
		happened, err := outcome.Holdout(holdout, task, contract, 2)
		if err != nil || !slices.Equal(happened.Event, want) {
			t.Errorf("%s: got %+v, %v", task, happened, err)
		}
	}
	if _, err := outcome.Holdout(holdout, "ranking", contract, 2); err == nil || !strings.Contains(err.Error(), `task "ranking" is neither`) {
		t.Errorf("got %v", err)
	}
	if _, err := outcome.Holdout(holdout, v1alpha1.Binary, contract, 3); err == nil || !strings.Contains(err.Error(), "holdout.csv: 2 rows, but 3 scores") {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsNoOutcomeIsRefusedByFileRowAndColumn(t *testing.T) {
	for want, content := range map[string]string{
		`holdout.csv: row 2, column "died": the label is missing`:      "days,died\n1,1\n2,\n",
		`holdout.csv: row 3, column "died": the label is missing`:      "days,died\n1,true\n2,false\n3,NA\n",
		`holdout.csv: row 2, column "died": 2 is neither 0 nor 1`:      "days,died\n1,1\n2,2\n",
		`holdout.csv: row 1, column "died": "yes" is not a number`:     "days,died\n1,yes\n2,no\n",
		`holdout.csv: row 2, column "died": "1" is neither true nor`:   "days,died\n1,true\n2,1\n",
		`holdout.csv: row 2, column "days": a follow-up time is 0`:     "days,died\n1,1\n-2,1\n",
		`holdout.csv: row 1, column "days": a follow-up time is 0`:     "days,died\n,1\n2,1\n",
		`holdout.csv: row 1, column "days": "soon" is not a number`:    "days,died\nsoon,1\n2,1\n",
		`holdout.csv: there is no column "died"; did you mean "Dead"?`: "days,Dead\n1,1\n",
		`holdout.csv: row 1, column "days": "Inf" is not a number`:     "days,died\nInf,1\n2,1\n",
		`holdout.csv: row 1, column "died": "NaN" is not a number`:     "days,died\n1,NaN\n2,1\n",
		"there is no column \"days\"\nhint: the columns are age, died": "age,died\n1,1\n",
	} {
		if _, err := read(t, content).Survival("days", "died"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
}

func TestAnOutcomeThatNeverVariesIsNone(t *testing.T) {
	for label, want := range map[string]string{"1": "2 events, 0 non-events", "false": "0 events, 2 non-events"} {
		_, err := read(t, "died,id\n"+label+",a\n"+label+",b\n").Binary("died")
		if err == nil || err.Error() != `holdout.csv: column "died": all rows are of one class: `+want {
			t.Errorf("%s: got %v", label, err)
		}
	}
	for content, want := range map[string]string{
		"days,died\n5,0\n6,0\n": `holdout.csv: column "died": all rows are of one class: no events`,
		"days,died\n5,0\n5,1\n": `holdout.csv: column "days": all 2 follow-up times are 5`,
	} {
		if _, err := read(t, content).Survival("days", "died"); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if happened, err := read(t, "died,id\n").Binary("died"); err != nil || len(happened.Event) != 0 {
		t.Errorf("no rows: got %v, %v", happened, err)
	}
}

func TestScoresAndCohorts(t *testing.T) {
	holdout := read(t, "score,sex\n-3.5,female\n120,\n")
	if scores, err := holdout.Scores("score"); err != nil || !slices.Equal(scores, []float64{-3.5, 120}) {
		t.Errorf("got %v, %v", scores, err)
	}
	if sexes, err := holdout.Cohorts("sex"); err != nil || !slices.Equal(sexes, []string{"female", ""}) {
		t.Errorf("got %v, %v", sexes, err)
	}
	if _, err := holdout.Cohorts("Sex"); err == nil || !strings.Contains(err.Error(), `did you mean "sex"?`) {
		t.Errorf("got %v", err)
	}
	if _, err := read(t, "score,sex\n1,m\n,f\n").Scores("score"); err == nil || !strings.Contains(err.Error(), `row 2, column "score": the score is missing`) {
		t.Errorf("got %v", err)
	}
}

func TestTwentyThousandColumnsAreNotListed(t *testing.T) {
	var header strings.Builder
	header.WriteString("gene0")
	for i := range 99 {
		header.WriteString(",gene" + strings.Repeat("x", i+1))
	}
	_, err := read(t, header.String()+"\n"+strings.Repeat(",", 99)+"\n").Binary("died")
	if err == nil || !strings.HasSuffix(err.Error(), "and 70 more") || strings.Contains(err.Error(), "did you mean") {
		t.Errorf("got %v", err)
	}
}

func TestThresholdsOnTheScaleOfTheScores(t *testing.T) {
	probabilities, odds := []float64{0, .2, 1}, []float64{-2, .5, 1}
	for _, test := range []struct {
		threshold float64
		scores    []float64
		want      string
	}{
		{.5, probabilities, ""}, {.5, odds, ""}, {0, odds, ""}, {-1, odds, ""},
		{0, probabilities, "not between 0 and 1"}, {1, probabilities, "not between 0 and 1"}, {50, probabilities, "not between 0 and 1"},
		{math.NaN(), odds, "not a finite number"}, {math.Inf(1), odds, "not a finite number"}, {0, nil, "not between 0 and 1"},
	} {
		err := outcome.CheckThreshold(test.threshold, test.scores)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v for %v: got %v, want %q", test.threshold, test.scores, err, test.want)
		}
	}
}

// Whatever the column holds, either it is refused or every row has a label
// that the text of the row names.
func FuzzLabelsAreWhatTheRowsSay(f *testing.F) {
	f.Add("1\n0\n")
	f.Add("true\nFALSE\n")
	f.Add("1\ntrue\n\n")
	f.Fuzz(func(t *testing.T, rows string) {
		path := filepath.Join(t.TempDir(), "holdout.csv")
		if err := os.WriteFile(path, []byte("died,id\n"+strings.ReplaceAll(rows, "\n", ",x\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		frame, err := table.Read(context.Background(), path)
		if err != nil {
			return
		}
		happened, err := outcome.Table{File: "holdout.csv", Source: frame}.Binary("died")
		if err != nil {
			if !strings.Contains(err.Error(), `column "died"`) {
				t.Errorf("the error does not name the column: %v", err)
			}
			return
		}
		texts, _ := frame.Texts("died")
		for row, text := range texts {
			number, _ := table.Number(text)
			if happened.Event[row] != (strings.EqualFold(text, "true") || number == 1) {
				t.Errorf("row %d: %q was read as %v", row+1, text, happened.Event[row])
			}
		}
	})
}
