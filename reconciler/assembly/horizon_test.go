package assembly

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// followed are patients whose hazard doubles with the marker, censored at
// random: what a Cox model says of them is true.
func followed(n int) string {
	var rows strings.Builder
	rows.WriteString("patient_id,marker,days,died\n")
	random := rand.New(rand.NewPCG(5, 6))
	for i := range n {
		marker := random.NormFloat64()
		event, left := 1000*random.ExpFloat64()/math.Exp(0.7*marker), 3000*random.Float64()
		died := 0
		if event <= left {
			died = 1
		}
		fmt.Fprintf(&rows, "p%d,%v,%v,%d\n", i, marker, min(event, left), died)
	}
	return rows.String()
}

// A recipe with a horizon is trained, asked of a file and of one patient, and
// drawn: as many die by then as it says.
func TestARecipeWithAHorizonIsDrawnThere(t *testing.T) {
	recipe := promotion.Recipe{Task: v1alpha1.Survival, Features: []string{"marker"}, Horizon: "365", Trainer: v1alpha1.Trainer{Kind: "cox"},
		Contract: v1alpha1.DatasetSpec{Key: "patient_id", Time: "days", Event: "died", Columns: []v1alpha1.Column{
			{Name: "marker", Type: "number"}, {Name: "days", Type: "number", Unit: "d"}}}}
	data, model := keep(t, followed(1500)), t.TempDir()
	if err := (training{}).Train(t.Context(), recipe, data, model); err != nil {
		t.Fatal(err)
	}
	blind := filepath.Join(t.TempDir(), "blind.csv")
	if err := (rows{}).Blind(t.Context(), data, recipe, blind); err != nil {
		t.Fatal(err)
	}
	said, err := (training{}).Predict(t.Context(), recipe, model, blind)
	if err != nil || len(said.Scores) != 1500 || len(said.Risks) != 1500 {
		t.Fatalf("%d scores and %d risks, %v", len(said.Scores), len(said.Risks), err)
	}
	session, err := (training{}).Load(t.Context(), recipe, model)
	if err != nil {
		t.Fatal(err)
	}
	low, err := session.Predict(t.Context(), map[string]string{"marker": "-1"})
	high, failed := session.Predict(t.Context(), map[string]string{"marker": "1"})
	if err != nil || failed != nil || math.Abs(high-low-1.4) > 0.2 {
		t.Errorf("from %v to %v: %v, %v", low, high, err, failed)
	}
	drawn := draw(t.Context(), &promotion.State{Recipe: recipe, Scores: said.Scores, Risks: said.Risks, Holdout: promotion.File{Path: data}})
	if drawn == nil || len(drawn.Calibration) != 5 || len(drawn.Survival) != 3 || drawn.TimeUnit != "d" {
		t.Fatalf("drawn: %+v", drawn)
	}
	for _, bin := range drawn.Calibration {
		if bin.Predicted < bin.Low-0.02 || bin.Predicted > bin.High+0.02 {
			t.Errorf("predicted %v, observed %v to %v", bin.Predicted, bin.Low, bin.High)
		}
	}
}
