package trainer

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/mlops-clinical-trials/assay/internal/table"
)

// loaded is a built-in model in memory.
type loaded struct{ model Linear }

// Load reads the model once; its requests touch no file.
func (r Regression) Load(_ context.Context, job LoadJob) (Session, error) {
	model, err := r.open(job.Model, job.Config)
	if err != nil {
		return nil, err
	}
	return loaded{model}, nil
}

// Predict reads a request as a file's row is read: NA is missing, and text
// where a number belongs is refused.
func (l loaded) Predict(_ context.Context, features map[string]string) (float64, error) {
	columns := make([]column, len(l.model.Features))
	for i, feature := range l.model.Features {
		text := features[feature.Name]
		if text == "NA" {
			text = ""
		}
		if feature.Number == nil {
			columns[i].texts = []string{text}
			continue
		}
		value := math.NaN()
		if text != "" {
			var ok bool
			if value, ok = table.Number(text); !ok {
				return 0, fmt.Errorf("feature %q: %.40q is not a number", feature.Name, text)
			}
		}
		columns[i].numbers = []float64{value}
	}
	return l.model.scores(1, columns)[0], nil
}

func (loaded) Close() error { return nil }

// asked is a command of which each request is one run of the predicting
// program, on a file of one row.
type asked struct {
	command Command
	job     LoadJob
	dir     string
}

// Load makes room for requests. What the program reads of the model it reads
// anew in each run, so that is part of the time of a request.
func (c Command) Load(_ context.Context, job LoadJob) (Session, error) {
	if err := checkFiles(job.Model); err != nil {
		return nil, err
	}
	directory, err := os.MkdirTemp("", "assay-request-")
	if err != nil {
		return nil, fmt.Errorf("making a directory for requests: %w", err)
	}
	return asked{c, job, directory}, nil
}

// Predict passes the features of the recipe on, and nothing else that a request
// may hold.
func (a asked) Predict(ctx context.Context, features map[string]string) (float64, error) {
	path := filepath.Join(a.dir, "request.csv")
	if err := a.write(path, features); err != nil {
		return 0, fmt.Errorf("writing a request: %w", err)
	}
	said, err := a.command.predict(ctx, PredictJob{Model: a.job.Model, Data: path, Config: a.job.Config}, 1)
	if errors.Is(err, errNotFinite) {
		return math.NaN(), nil
	}
	if err != nil {
		return 0, err
	}
	return said.Scores[0], nil
}

// requestKey stands where a file has the patient's key.
const requestKey = "request"

func (a asked) write(path string, features map[string]string) error {
	header, row := []string{a.job.Config.Key}, []string{requestKey}
	for _, contract := range a.job.Config.Columns {
		header, row = append(header, contract.Name), append(row, features[contract.Name])
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	out := csv.NewWriter(file)
	return errors.Join(out.WriteAll([][]string{header, row}), file.Close())
}

func (a asked) Close() error { return os.RemoveAll(a.dir) }
