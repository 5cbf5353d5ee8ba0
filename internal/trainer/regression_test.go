package trainer_test

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/table"
	"github.com/mlops-clinical-trials/assay/internal/trainer"
)

var smallDataset = v1alpha1.DatasetSpec{
	Key: "patient_id", Label: "died", Time: "days", Event: "event", Groups: []string{"race"}, Split: v1alpha1.Split{Column: "split"},
	Columns: []v1alpha1.Column{
		{Name: "patient_id", Type: "text"}, {Name: "died", Type: "integer"}, {Name: "days", Type: "number"}, {Name: "event", Type: "integer"},
		{Name: "marker", Type: "number"}, {Name: "stage", Type: "text"}, {Name: "race", Type: "text"}, {Name: "seen", Type: "date"}, {Name: "split", Type: "text"},
	},
}

func smallConfig(t *testing.T, kind string, features ...string) trainer.Config {
	t.Helper()
	task := v1alpha1.Binary
	if kind == trainer.Cox {
		task = v1alpha1.Survival
	}
	config, err := trainer.NewConfig(v1alpha1.ModelSpec{Task: task, Trainer: v1alpha1.Trainer{Kind: kind, Penalty: 1}, Features: features}, smallDataset)
	if err != nil {
		t.Fatal(err)
	}
	return config
}

func TestTrainingDataThatCannotTeachIsRefused(t *testing.T) {
	tests := map[string]struct{ kind, feature, rows, want string }{
		"no rows":             {trainer.Logistic, "marker", "died,marker\n", "rows.csv: it has 0 rows"},
		"one class":           {trainer.Logistic, "marker", "died,marker\n0,1\n0,2\n", `rows.csv: label "died": all rows are of one class`},
		"text as number":      {trainer.Logistic, "marker", "died,marker\n0,1\n1,high\n", `row 2, column "marker": "high" is not a number`},
		"lacking feature":     {trainer.Logistic, "stage", "died,marker\n0,1\n1,2\n", `no column "stage"`},
		"lacking label":       {trainer.Logistic, "marker", "marker\n1\n2\n", `no column "died"`},
		"missing outcome":     {trainer.Logistic, "marker", "died,marker\n0,1\n,2\n", `row 2, column "died": an outcome is 0 or 1, not missing`},
		"outcome 2":           {trainer.Logistic, "marker", "died,marker\n0,1\n2,2\n", `an outcome is 0 or 1, not 2`},
		"constant number":     {trainer.Logistic, "marker", "died,marker\n0,7\n1,7\n", `column "marker" does not vary`},
		"constant, rounded":   {trainer.Logistic, "marker", "died,marker\n" + strings.Repeat("0,0.1\n1,0.1\n", 5), `column "marker" does not vary`},
		"constant text":       {trainer.Logistic, "stage", "died,stage\n0,I\n1,I\n", `column "stage" does not vary`},
		"all missing":         {trainer.Logistic, "stage", "died,stage\n0,\n1,\n", `column "stage" does not vary`},
		"date as feature":     {trainer.Logistic, "seen", "died,seen\n0,2020-01-01\n1,2020-01-02\n", `column "seen": a built-in trainer cannot use type "date"`},
		"no events":           {trainer.Cox, "marker", "days,event,marker\n5,0,1\n6,0,2\n", "no events"},
		"negative follow-up":  {trainer.Cox, "marker", "days,event,marker\n-5,1,1\n6,0,2\n", `row 1, column "days": follow-up is 0 or more, not -5`},
		"missing follow-up":   {trainer.Cox, "marker", "days,event,marker\n5,1,1\n,0,2\n", `row 2, column "days": follow-up is 0 or more, not missing`},
		"overflowing numbers": {trainer.Logistic, "marker", "died,marker\n0,1e308\n1,-1e308\n", `column "marker" does not vary`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			config := smallConfig(t, test.kind, test.feature)
			err := trainer.Regression{Kind: test.kind}.Train(t.Context(), trainer.TrainJob{Data: file(t, test.rows), Config: config, Out: t.TempDir()})
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "rows.csv") {
				t.Errorf("error is %v, want rows.csv and %q in it", err, test.want)
			}
		})
	}
}

func TestARecipeCannotUseItsOutcomeAsAFeature(t *testing.T) {
	for _, feature := range []string{"died", "days", "event", "patient_id", "split", "unheard_of"} {
		_, err := trainer.NewConfig(v1alpha1.ModelSpec{Features: []string{"marker", feature}}, smallDataset)
		if err == nil || !strings.Contains(err.Error(), feature) {
			t.Errorf("%s: error is %v", feature, err)
		}
	}
}

func TestBlindLetsNoOutcomePass(t *testing.T) {
	frame, err := table.Read(t.Context(), file(t, "split,died,patient_id,race,marker,days,event\nholdout,1,p2,black,3,9,1\nholdout,0,p1,white,1,8,0\n"))
	if err != nil {
		t.Fatal(err)
	}
	blind := trainer.Blind(frame, smallDataset, []string{"marker", "died", "event", "split", "marker", "absent"})
	if want := []string{"patient_id", "marker"}; !slices.Equal(blind.Columns(), want) {
		t.Errorf("columns are %v, want %v", blind.Columns(), want)
	}
	if keys, _ := blind.Texts("patient_id"); !slices.Equal(keys, []string{"p2", "p1"}) {
		t.Errorf("rows are %v: not in file order", keys)
	}
	if used := trainer.Blind(frame, smallDataset, []string{"race"}); !used.Has("race") {
		t.Error("a cohort column that is also a feature must pass")
	}
}

// The score of each row is recomputed by hand from model.json.
func TestPredictionFollowsTheModelFile(t *testing.T) {
	model := `{
  "kind": "logistic",
  "intercept": -1,
  "features": [
    {
      "name": "marker",
      "number": {
        "median": 4,
        "mean": 3,
        "sd": 2,
        "coefficient": 0.5
      },
      "missing": 0.25
    },
    {
      "name": "stage",
      "text": {
        "reference": "I",
        "levels": [
          {
            "level": "II",
            "coefficient": 1
          }
        ],
        "other": 2
      }
    }
  ]
}
`
	directory := t.TempDir()
	if err := os.WriteFile(filepath.Join(directory, trainer.ModelFile), []byte(model), 0o600); err != nil {
		t.Fatal(err)
	}
	job := trainer.PredictJob{Model: directory, Data: file(t, "patient_id,marker,stage\np1,5,I\np2,,II\np3,3,IX\np4,3,\n")}
	said, err := trainer.Regression{Kind: trainer.Logistic}.Predict(t.Context(), job)
	if err != nil {
		t.Fatal(err)
	}
	for row, linear := range []float64{-1 + 0.5, -1 + 0.25 + 0.25 + 1, -1 + 2, -1} {
		if want := 1 / (1 + math.Exp(-linear)); math.Abs(said.Scores[row]-want) > 1e-15 {
			t.Errorf("row %d scores %v, want %v", row+1, said.Scores[row], want)
		}
	}
	if _, err := (trainer.Regression{Kind: trainer.Cox}).Predict(t.Context(), job); err == nil {
		t.Error("a cox recipe was scored with a logistic model")
	}
}

func TestRareLevelsAndMissingValuesAreEncoded(t *testing.T) {
	rows := "died,marker,stage\n" + strings.Repeat("0,1,I\n1,2,I\n", 4) + strings.Repeat("0,3,II\n1,,II\n", 3) + "1,5,III\n0,4,\n"
	out := t.TempDir()
	job := trainer.TrainJob{Data: file(t, rows), Config: smallConfig(t, trainer.Logistic, "marker", "stage"), Out: out}
	if err := (trainer.Regression{Kind: trainer.Logistic}).Train(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	model, err := trainer.ParseModel(modelText(t, out))
	if err != nil {
		t.Fatal(err)
	}
	marker, stage := model.Features[0], model.Features[1]
	if marker.Missing == nil || *marker.Missing <= 0 {
		t.Errorf("all with no marker died: its coefficient is %v", marker.Missing)
	}
	if marker.Number.Median != 2 {
		t.Errorf("median is %v, want 2", marker.Number.Median)
	}
	if stage.Text.Reference != "I" || len(stage.Text.Levels) != 1 || stage.Text.Levels[0].Level != "II" || stage.Text.Other == nil || stage.Missing == nil {
		t.Errorf("stage is encoded as %+v", stage.Text)
	}
}

func TestRecipesNameATrainerThatExists(t *testing.T) {
	for _, spec := range []v1alpha1.Trainer{{}, {Kind: "oracle"}, {Kind: "command"}, {Kind: "command", Train: []string{"true"}}} {
		if _, err := trainer.For(spec); err == nil {
			t.Errorf("%+v was accepted", spec)
		}
	}
	err := trainer.Regression{Kind: trainer.Cox}.Train(t.Context(), trainer.TrainJob{Data: file(t, trainRows), Config: smallConfig(t, trainer.Logistic, "marker")})
	if err == nil || !strings.Contains(err.Error(), "task") {
		t.Errorf("cox on a binary task: error is %v", err)
	}
}
