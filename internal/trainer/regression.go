package trainer

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/stats"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// Regression is the built-in trainer. Neither fit draws a random number, so
// the recipe's seed has nothing to decide.
type Regression struct {
	Kind string // Logistic or Cox
}

// tasks says which outcome each kind of regression is for.
var tasks = map[string]v1alpha1.Task{Logistic: v1alpha1.Binary, Cox: v1alpha1.Survival}

// Train fits the model and writes it as ModelFile.
func (r Regression) Train(ctx context.Context, job TrainJob) error {
	if err := r.train(ctx, job); err != nil {
		return fmt.Errorf("training %s on %s: %w", r.Kind, filepath.Base(job.Data), err)
	}
	return nil
}

func (r Regression) train(ctx context.Context, job TrainJob) error {
	if tasks[r.Kind] != job.Config.Model.Task {
		return fmt.Errorf("it is for task %s, and the recipe's task is %s", tasks[r.Kind], job.Config.Model.Task)
	}
	frame, err := table.Read(ctx, job.Data)
	if err != nil {
		return err
	}
	if frame.Rows() < 2 {
		return fmt.Errorf("it has %d rows", frame.Rows())
	}
	model := Linear{Kind: r.Kind}
	var columns []column
	for _, contract := range job.Config.Columns {
		feature, values, err := fitFeature(frame, contract)
		if err != nil {
			return err
		}
		model.Features, columns = append(model.Features, feature), append(columns, values)
	}
	if err := model.fit(frame, columns, job.Config); err != nil {
		return err
	}
	text, err := MarshalModel(model)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(job.Out, ModelFile), text, 0o644)
}

// fit finds the coefficients and puts each in its slot.
func (m *Linear) fit(frame *table.Frame, columns []column, config Config) error {
	var slots []*float64
	for _, feature := range m.Features {
		slots = append(slots, feature.coefficients()...)
	}
	design, ridge := m.design(frame.Rows(), columns), config.Model.Trainer.Penalty
	var coefficients []float64
	if m.Kind == Cox {
		time, event, err := followUp(frame, config)
		if err != nil {
			return err
		}
		fit, err := stats.Cox(design, time, event, ridge)
		if err != nil {
			return err
		}
		coefficients = fit.Coef
		if m.Baseline, err = newBaseline(fit, config.Model.Horizon, design, time, event); err != nil {
			return err
		}
	} else {
		labels, err := readLabels(frame, config.Label)
		if err != nil {
			return err
		}
		fit, err := stats.Logistic(design, labels, ridge)
		if err != nil {
			return fmt.Errorf("label %q: %w", config.Label, err)
		}
		coefficients, m.Intercept = fit.Coef, tidy(fit.Intercept)
	}
	for i, slot := range slots {
		*slot = tidy(coefficients[i])
	}
	return nil
}

// Predict reads the model and scores each row.
func (r Regression) Predict(ctx context.Context, job PredictJob) (Prediction, error) {
	model, err := r.open(job.Model, job.Config)
	if err != nil {
		return Prediction{}, err
	}
	frame, err := table.Read(ctx, job.Data)
	if err != nil {
		return Prediction{}, fmt.Errorf("predicting: %w", err)
	}
	var columns []column
	for _, feature := range model.Features {
		values, err := readColumn(frame, feature.Name, feature.Number != nil)
		if err != nil {
			return Prediction{}, fmt.Errorf("predicting: %w", err)
		}
		columns = append(columns, values)
	}
	scores := model.scores(frame.Rows(), columns)
	return Prediction{scores, model.Baseline.risks(scores)}, checkScores(scores, frame.Rows(), filepath.Base(job.Data))
}

// open reads the model, and holds it against the recipe.
func (r Regression) open(directory string, config Config) (Linear, error) {
	model, err := readModel(filepath.Join(directory, ModelFile))
	if err != nil {
		return Linear{}, err
	}
	if model.Kind != r.Kind {
		return Linear{}, fmt.Errorf("%s holds a %s model, and the recipe's trainer is %s", ModelFile, model.Kind, r.Kind)
	}
	if trained := model.Baseline.horizon(); trained != config.Model.Horizon {
		return Linear{}, fmt.Errorf("%s holds the risk by %v, and the recipe's horizon is %v", ModelFile, trained, config.Model.Horizon)
	}
	return model, nil
}

func readModel(path string) (Linear, error) {
	file, err := os.Open(path)
	if err != nil {
		return Linear{}, fmt.Errorf("reading the model: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxModelBytes+1))
	if err != nil {
		return Linear{}, fmt.Errorf("reading the model: %w", err)
	}
	return ParseModel(data)
}

func (m *Linear) scores(rows int, columns []column) []float64 {
	var coefficients []float64
	for _, feature := range m.Features {
		for _, slot := range feature.coefficients() {
			coefficients = append(coefficients, *slot)
		}
	}
	scores := make([]float64, rows)
	for row, terms := range m.design(rows, columns) {
		scores[row] = m.Intercept
		for i, term := range terms {
			scores[row] += term * coefficients[i]
		}
		if m.Kind == Logistic {
			scores[row] = 1 / (1 + math.Exp(-scores[row]))
		}
	}
	return scores
}

// design is the matrix that the coefficients multiply, a slice per row.
func (m *Linear) design(rows int, columns []column) [][]float64 {
	design := make([][]float64, rows)
	for row := range design {
		for i, feature := range m.Features {
			design[row] = append(design[row], feature.expand(columns[i], row)...)
		}
	}
	return design
}

// tidy keeps ten significant digits: far more than the data carry, and few
// enough that the last bits, which differ between processors that fuse a
// multiplication with an addition and those that do not, are not in the file.
func tidy(value float64) float64 {
	tidied, err := strconv.ParseFloat(strconv.FormatFloat(value, 'e', 9, 64), 64)
	if err != nil {
		return value // infinite: MarshalModel refuses it
	}
	return tidied + 0 // and never -0
}
