package trainer_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/stats"
	"github.com/mlops-clinical-trials/assay/internal/trainer"
)

// A Cox model of the training rows predicts as many deaths among them as there
// were, give or take what ridge and ties do.
func TestRisksAddUpToTheDeathsOfTheTrainingRows(t *testing.T) {
	r := openRecipe(t, "lung-survival")
	r.config.Model.Horizon = 365
	model := r.trained(t)
	r.holdout = r.train
	said := r.predicted(t, model)
	time, event := r.followUp(t, r.train)
	ratio, err := stats.OERatioAt(said.Risks, time, event, 365)
	if err != nil || math.Abs(ratio.Value-1) > .03 {
		t.Errorf("observed over expected is %+v, %v", ratio, err)
	}
	byScore, byRisk := slices.Clone(said.Scores), slices.Clone(said.Risks)
	slices.Sort(byScore)
	slices.Sort(byRisk)
	read, err := trainer.ParseModel(modelText(t, model))
	if err != nil {
		t.Fatal(err)
	}
	for i, score := range byScore {
		want := 1 - math.Exp(-read.Baseline.Hazard*math.Exp(score))
		if math.Abs(byRisk[i]-want) > 1e-12 {
			t.Fatalf("score %v has risk %v, want %v", score, byRisk[i], want)
		}
	}
}

func TestAModelPredictsByItsOwnHorizonOnly(t *testing.T) {
	r := openRecipe(t, "lung-survival")
	r.config.Model.Horizon = 0
	model := r.trained(t)
	if said := r.predicted(t, model); said.Risks != nil {
		t.Errorf("risks by no time: %v", said.Risks)
	}
	if text := string(modelText(t, model)); strings.Contains(text, "baseline") {
		t.Errorf("a model without a horizon: %s", text)
	}
	r.config.Model.Horizon = 180
	if _, err := r.trainer(t).Load(t.Context(), trainer.LoadJob{Model: model, Config: r.config}); err == nil || !strings.Contains(err.Error(), "horizon is 180") {
		t.Errorf("got %v", err)
	}
}

func TestAHorizonThatTheRowsKnowNothingOf(t *testing.T) {
	rows := "days,event,marker\n5,1,1\n6,0,2\n9,1,4\n"
	for horizon, want := range map[float64]string{
		10: "horizon 10: nobody in training is followed that long", 4: "horizon 4: nobody in training had the event by then",
	} {
		config := smallConfig(t, trainer.Cox, "marker")
		config.Model.Horizon = horizon
		err := trainer.Regression{Kind: trainer.Cox}.Train(t.Context(), trainer.TrainJob{Data: file(t, rows), Config: config, Out: t.TempDir()})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
	for _, horizon := range []float64{-1, math.NaN(), math.Inf(1)} {
		spec := smallConfig(t, trainer.Cox, "marker").Model
		spec.Horizon = horizon
		if _, err := trainer.NewConfig(spec, smallDataset); err == nil {
			t.Errorf("horizon %v was taken", horizon)
		}
	}
	spec := smallConfig(t, trainer.Logistic, "marker").Model
	spec.Horizon = 365
	if _, err := trainer.NewConfig(spec, smallDataset); err == nil {
		t.Error("a binary outcome has no horizon")
	}
}
