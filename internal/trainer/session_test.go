package trainer_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/internal/table"
	"github.com/mlops-clinical-trials/assay/internal/trainer"
)

// A server that is asked of one patient says what the file of all said.
func TestARequestIsAnsweredAsTheFileWas(t *testing.T) {
	for _, name := range []string{"breast-malignancy", "colon-mortality", "lung-survival"} {
		r := openRecipe(t, name)
		model := r.trained(t)
		session, err := r.trainer(t).Load(t.Context(), trainer.LoadJob{Model: model, Config: r.config})
		if err != nil {
			t.Fatal(err)
		}
		requests := requestsOf(t, r.holdout, r.config.Model.Features)
		for row, score := range r.scores(t, model) {
			if got, err := session.Predict(t.Context(), requests[row]); err != nil || got != score {
				t.Errorf("%s, row %d: %v (%v), in the file %v", name, row+1, got, err, score)
			}
		}
		if err := session.Close(); err != nil {
			t.Error(err)
		}
	}
}

func requestsOf(t *testing.T, frame *table.Frame, features []string) []map[string]string {
	t.Helper()
	requests := make([]map[string]string, frame.Rows())
	for row := range requests {
		requests[row] = map[string]string{}
	}
	for _, feature := range features {
		values, err := frame.Texts(feature)
		if err != nil {
			t.Fatal(err)
		}
		for row, value := range values {
			requests[row][feature] = value
		}
	}
	return requests
}

func TestABuiltInModelRefusesWhatIsNoNumber(t *testing.T) {
	r := openRecipe(t, "breast-malignancy")
	session, err := r.trainer(t).Load(t.Context(), trainer.LoadJob{Model: r.trained(t), Config: r.config})
	if err != nil {
		t.Fatal(err)
	}
	for text, refused := range map[string]bool{"": false, "NA": false, "12.5": false, "NaN": true, "Inf": true, "high": true, "0x1p3": true} {
		score, err := session.Predict(t.Context(), map[string]string{"mean_texture": text})
		if (err != nil) != refused || !(score >= 0 && score <= 1) {
			t.Errorf("%q: %v, %v", text, score, err)
		}
	}
	if _, err := (trainer.Regression{Kind: trainer.Logistic}).Load(t.Context(), trainer.LoadJob{Model: t.TempDir()}); err == nil {
		t.Error("loaded nothing")
	}
}

// Each request is a run of the program on one row, which holds the features
// and nothing else; a refusal is the program's exit status.
func TestACommandIsAskedOneRowAtATime(t *testing.T) {
	config := smallConfig(t, trainer.Logistic, "marker", "stage")
	model := t.TempDir()
	if err := os.WriteFile(filepath.Join(model, "threshold"), []byte("4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	script := `test "$(head -n 1 "$ASSAY_DATA")" = patient_id,marker,stage || exit 9
value=$(tail -n 1 "$ASSAY_DATA" | cut -d, -f2)
test -n "$value" || { echo no marker >&2; exit 3; }
test -f "$ASSAY_MODEL/threshold" || exit 8
printf 'score\n%s\n' "$value" > "$ASSAY_OUT"`
	session, err := trainer.Command{Predicting: shell(script)}.Load(t.Context(), trainer.LoadJob{Model: model, Config: config})
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	if score, err := session.Predict(t.Context(), map[string]string{"marker": "0.25", "stage": "II", "died": "1"}); err != nil || score != 0.25 {
		t.Errorf("got %v, %v", score, err)
	}
	if _, err := session.Predict(t.Context(), map[string]string{"stage": "II"}); err == nil || !strings.Contains(err.Error(), "no marker") {
		t.Errorf("got %v", err)
	}
	if score, err := session.Predict(t.Context(), map[string]string{"marker": "NaN"}); err != nil || !math.IsNaN(score) {
		t.Errorf("what is no number was not handed on: %v, %v", score, err)
	}
	if _, err := (trainer.Command{Predicting: shell("true")}).Load(t.Context(), trainer.LoadJob{Model: t.TempDir(), Config: config}); err == nil {
		t.Error("loaded an empty model")
	}
}
