package trainer_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/stats"
	"github.com/mlops-clinical-trials/assay/internal/table"
	"github.com/mlops-clinical-trials/assay/internal/trainer"
)

const catalog = "../../catalog"

// recipe is one model of the catalog with its data set, split as frozen there.
type recipe struct {
	dataset v1alpha1.DatasetSpec
	config  trainer.Config
	train   *table.Frame
	holdout *table.Frame
}

func openRecipe(t *testing.T, name string) recipe {
	t.Helper()
	var model v1alpha1.Model
	decode(t, filepath.Join(catalog, "models", name, "model.yaml"), &model)
	var dataset v1alpha1.Dataset
	folder := filepath.Join(catalog, "datasets", model.Spec.Dataset)
	decode(t, filepath.Join(folder, "dataset.yaml"), &dataset)
	config, err := trainer.NewConfig(model.Spec, dataset.Spec)
	if err != nil {
		t.Fatal(err)
	}
	frame, err := table.Read(t.Context(), filepath.Join(folder, dataset.Spec.Source))
	if err != nil {
		t.Fatal(err)
	}
	split := dataset.Spec.Split
	return recipe{dataset.Spec, config, where(t, frame, split.Column, split.Train), where(t, frame, split.Column, split.Holdout)}
}

func decode(t *testing.T, path string, into v1alpha1.Object) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := v1alpha1.Decode(path, content, into); err != nil {
		t.Fatal(err)
	}
}

func where(t *testing.T, frame *table.Frame, column, value string) *table.Frame {
	t.Helper()
	values, err := frame.Texts(column)
	if err != nil {
		t.Fatal(err)
	}
	var rows []int
	for row, found := range values {
		if found == value {
			rows = append(rows, row)
		}
	}
	return frame.Select(rows, frame.Columns())
}

func write(t *testing.T, path string, frame *table.Frame) string {
	t.Helper()
	var text bytes.Buffer
	if err := frame.WriteCSV(&text); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// trained trains the recipe, and gives the model's directory.
func (r recipe) trained(t *testing.T) string {
	t.Helper()
	out := t.TempDir()
	job := trainer.TrainJob{Data: write(t, filepath.Join(t.TempDir(), "train.csv"), r.train), Config: r.config, Out: out}
	if err := r.trainer(t).Train(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	return out
}

func (r recipe) trainer(t *testing.T) trainer.Trainer {
	t.Helper()
	found, err := trainer.For(r.config.Model.Trainer)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// scores asks the model in the directory about the blinded holdout.
func (r recipe) scores(t *testing.T, model string) []float64 {
	t.Helper()
	return r.predicted(t, model).Scores
}

func (r recipe) predicted(t *testing.T, model string) trainer.Prediction {
	t.Helper()
	blind := trainer.Blind(r.holdout, r.dataset, r.config.Model.Features)
	job := trainer.PredictJob{Model: model, Data: write(t, filepath.Join(t.TempDir(), "holdout.csv"), blind), Config: r.config}
	said, err := r.trainer(t).Predict(t.Context(), job)
	if err != nil {
		t.Fatal(err)
	}
	return said
}

// followUp reads the time and event of the holdout.
func (r recipe) followUp(t *testing.T, frame *table.Frame) ([]float64, []bool) {
	t.Helper()
	time, err := frame.Numbers(r.dataset.Time)
	if err != nil {
		t.Fatal(err)
	}
	return time, labels(t, frame, r.dataset.Event)
}

func labels(t *testing.T, frame *table.Frame, column string) []bool {
	t.Helper()
	values, err := frame.Numbers(column)
	if err != nil {
		t.Fatal(err)
	}
	outcomes, err := stats.Labels(values)
	if err != nil {
		t.Fatal(err)
	}
	return outcomes
}

func TestCatalogDataIsWhatTheContractSays(t *testing.T) {
	for _, name := range []string{"wdbc", "ncctg-lung", "tcga-coad"} {
		var dataset v1alpha1.Dataset
		folder := filepath.Join(catalog, "datasets", name)
		decode(t, filepath.Join(folder, "dataset.yaml"), &dataset)
		content, err := os.ReadFile(filepath.Join(folder, dataset.Spec.Source))
		if err != nil {
			t.Fatal(err)
		}
		if digest := fmt.Sprintf("sha256:%x", sha256.Sum256(content)); digest != dataset.Spec.Digest {
			t.Errorf("%s: digest is %s, contract says %s", name, digest, dataset.Spec.Digest)
		}
	}
}

func TestCatalogModelsOrderPatientsOfTheHoldout(t *testing.T) {
	for name, floor := range map[string]float64{"breast-malignancy": 0.98, "colon-mortality": 0.65, "lung-survival": 0.57} {
		t.Run(name, func(t *testing.T) {
			r := openRecipe(t, name)
			scores := r.scores(t, r.trained(t))
			ranking := r.ranking(t, r.holdout, scores)
			interval := ranking.Interval(0.05)
			t.Logf("n %d: %.4f (%.4f to %.4f)", len(scores), ranking.Value, interval.Low, interval.High)
			if ranking.Value < floor {
				t.Errorf("AUROC or C-index is %.3f, below %.2f", ranking.Value, floor)
			}
		})
	}
}

func (r recipe) ranking(t *testing.T, frame *table.Frame, scores []float64) stats.Ranking {
	t.Helper()
	var ranking stats.Ranking
	var err error
	if r.config.Model.Task == v1alpha1.Survival {
		time, event := r.followUp(t, frame)
		ranking, err = stats.Harrell(scores, time, event)
	} else {
		ranking, err = stats.DeLong(scores, labels(t, frame, r.dataset.Label))
	}
	if err != nil {
		t.Fatal(err)
	}
	return ranking
}

func TestBreastModelMissesFewCancers(t *testing.T) {
	r := openRecipe(t, "breast-malignancy")
	confusion, err := stats.Confuse(r.scores(t, r.trained(t)), labels(t, r.holdout, "malignant"), r.config.Model.DecisionThreshold)
	if err != nil {
		t.Fatal(err)
	}
	sensitivity := float64(confusion.TruePositives) / float64(confusion.TruePositives+confusion.FalseNegatives)
	if t.Logf("%+v", confusion); sensitivity < 0.95 {
		t.Errorf("sensitivity at %v is %.3f", r.config.Model.DecisionThreshold, sensitivity)
	}
}

func TestTrainingTwiceGivesTheSameModel(t *testing.T) {
	for _, name := range []string{"breast-malignancy", "colon-mortality", "lung-survival"} {
		r := openRecipe(t, name)
		first, second := modelText(t, r.trained(t)), modelText(t, r.trained(t))
		if !bytes.Equal(first, second) {
			t.Errorf("%s: two trainings on the same rows differ:\n%s\n%s", name, first, second)
		}
	}
}

func modelText(t *testing.T, directory string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(directory, trainer.ModelFile))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestCatalogFilesDecodeAndAreNamedAsTheyStand(t *testing.T) {
	patterns := map[string]func() (v1alpha1.Object, *v1alpha1.Header){
		"models/*/model.yaml":             func() (v1alpha1.Object, *v1alpha1.Header) { o := &v1alpha1.Model{}; return o, &o.Header },
		"models/*/card.yaml":              func() (v1alpha1.Object, *v1alpha1.Header) { o := &v1alpha1.ModelCard{}; return o, &o.Header },
		"datasets/*/dataset.yaml":         func() (v1alpha1.Object, *v1alpha1.Header) { o := &v1alpha1.Dataset{}; return o, &o.Header },
		"environments/*/environment.yaml": func() (v1alpha1.Object, *v1alpha1.Header) { o := &v1alpha1.Environment{}; return o, &o.Header },
	}
	for pattern, object := range patterns {
		paths, err := filepath.Glob(filepath.Join(catalog, pattern))
		if err != nil || len(paths) != 3 {
			t.Fatalf("%s: %d files (%v), want 3", pattern, len(paths), err)
		}
		for _, path := range paths {
			into, header := object()
			decode(t, path, into)
			if folder := filepath.Base(filepath.Dir(path)); header.Metadata.Name != folder {
				t.Errorf("%s: name is %s", path, header.Metadata.Name)
			}
		}
	}
	for _, model := range []string{"breast-malignancy", "colon-mortality", "lung-survival"} {
		var promotion v1alpha1.Promotion
		decode(t, filepath.Join(catalog, "environments", "development", model+".yaml"), &promotion)
		if promotion.Spec.Model != model || promotion.Spec.Release != "" {
			t.Errorf("%s: promotion is %+v", model, promotion.Spec)
		}
	}
	decode(t, filepath.Join(catalog, "assay.yaml"), &v1alpha1.Platform{})
	decode(t, filepath.Join(catalog, "clusters", "local.yaml"), &v1alpha1.Cluster{})
}
