package simulation

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// bench is what a process computes with: small tools that keep the promises of
// promotion.Tools. Only to train is an effect: it costs a cluster's afternoon.
type bench struct {
	process *process
	world   *world
	disk    *disk
}

// Split takes the rows apart by the column "part".
func (bench) Split(_ context.Context, data string, dataset v1alpha1.DatasetSpec, train, holdout string) error {
	text, err := os.ReadFile(data)
	if err != nil {
		return err
	}
	header, rows, _ := strings.Cut(string(text), "\n")
	parts := map[string]string{dataset.Split.Train: header + "\n", dataset.Split.Holdout: header + "\n"}
	for line := range strings.Lines(rows) {
		parts[strings.TrimSpace(line[strings.LastIndex(line, ",")+1:])] += line
	}
	return errors.Join(os.WriteFile(train, []byte(parts[dataset.Split.Train]), 0o600), os.WriteFile(holdout, []byte(parts[dataset.Split.Holdout]), 0o600))
}

// Origin is asked for errors about rows, and there are none.
func (bench) Origin(context.Context, string, v1alpha1.DatasetSpec, string, int) (int, error) {
	return 0, errors.New("no row is wrong here")
}

// Blind leaves the outcome out.
func (bench) Blind(_ context.Context, holdout string, recipe promotion.Recipe, blind string) error {
	table, err := readTable(holdout)
	if err != nil {
		return err
	}
	var text strings.Builder
	text.WriteString(strings.Join(recipe.Features, ",") + "\n")
	for _, row := range table {
		var values []string
		for _, feature := range recipe.Features {
			values = append(values, row[feature])
		}
		text.WriteString(strings.Join(values, ",") + "\n")
	}
	return os.WriteFile(blind, []byte(text.String()), 0o600)
}

// trained is the model: the same recipe is the same model, everywhere and always.
type trained struct {
	Features []string
	Seed     uint64
}

func (b bench) Train(_ context.Context, recipe promotion.Recipe, _, into string) error {
	text, err := json.Marshal(trained{recipe.Features, recipe.Trainer.Seed})
	if err != nil {
		return err
	}
	b.world.trains(b.disk, recipe)
	err = b.process.effect("train "+recipe.Name, false, func() error {
		return os.WriteFile(filepath.Join(into, modelFile), text, 0o600)
	})
	if err == nil {
		b.world.keeps(b.disk, recipe)
	}
	return err
}

const modelFile = "model.json"

func (bench) Program(promotion.Recipe) (evidence.Digest, error) {
	return evidence.Sum([]byte("the toy trainer")), nil
}

// Predict scores a patient by the mean of the features.
func (bench) Predict(_ context.Context, _ promotion.Recipe, model, blind string) (promotion.Prediction, error) {
	text, err := os.ReadFile(filepath.Join(model, modelFile))
	if err != nil {
		return promotion.Prediction{}, err
	}
	var made trained
	if err := json.Unmarshal(text, &made); err != nil {
		return promotion.Prediction{}, err
	}
	table, err := readTable(blind)
	if err != nil {
		return promotion.Prediction{}, err
	}
	var said promotion.Prediction
	for _, row := range table {
		sum := 0.0
		for _, feature := range made.Features {
			value, err := strconv.ParseFloat(row[feature], 64)
			if err != nil {
				return said, err
			}
			sum += value
		}
		said.Scores = append(said.Scores, sum/float64(len(made.Features)))
	}
	return said, nil
}

// Load is for measuring latency, which no gate here does.
func (bench) Load(context.Context, promotion.Recipe, string) (gates.Session, error) {
	return nil, errors.New("nobody serves here")
}

func readTable(name string) ([]map[string]string, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var header []string
	var rows []map[string]string
	for line := range strings.Lines(string(text)) {
		fields := strings.Split(strings.TrimSpace(line), ",")
		if header == nil {
			header = fields
			continue
		}
		row := map[string]string{}
		for i, name := range header {
			row[name] = fields[i]
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// gate measures what the rules of this simulation read: how well patients with
// the event are told from those without, and that each gate was there.
type gate string

func (g gate) Name() string { return string(g) }

func (g gate) Measure(_ context.Context, candidate gates.Candidate) ([]evidence.Measurement, error) {
	rows, err := readTable(candidate.Holdout)
	if err != nil {
		return nil, err
	}
	found := []evidence.Measurement{{Name: "rows", Value: evidence.Count(len(rows)), N: len(rows)}}
	if g == gates.Performance {
		area := evidence.Number(separation(rows, candidate.Dataset.Spec.Label, candidate.Scores))
		found = append(found, evidence.Measurement{Name: "auroc", Value: area, Low: area, High: area, N: len(rows)})
	}
	return found, nil
}

// separation is the share of pairs that the scores put into the right order.
func separation(rows []map[string]string, label string, scores []float64) float64 {
	right, pairs := 0.0, 0.0
	for i, ill := range rows {
		for j, well := range rows {
			if ill[label] != "1" || well[label] != "0" {
				continue
			}
			pairs++
			switch {
			case scores[i] > scores[j]:
				right++
			case scores[i] == scores[j]:
				right += 0.5
			}
		}
	}
	return right / pairs
}

// renderer writes a release and its evidence as one file. What kustomize makes
// of the rest is none of the simulation's business.
type renderer struct{ flaws flaws }

func (r renderer) Render(_ context.Context, rendering promotion.Rendering) (map[string][]byte, error) {
	shown := manifest{Environment: rendering.Environment.Metadata.Name, Release: rendering.Release, Envelopes: rendering.Envelopes}
	if r.flaws.evidenceLeftOut {
		shown.Envelopes = nil
	}
	text, err := json.Marshal(shown)
	return map[string][]byte{rendering.Model + "/" + releaseFile: text}, err
}

const releaseFile = "release.json"

// manifest is what an environment's branch holds of a model.
type manifest struct {
	Environment string
	Release     evidence.Subject
	Envelopes   []evidence.Envelope
}

func readManifest(tree fs.FS, model string) (manifest, error) {
	var read manifest
	text, err := fs.ReadFile(tree, model+"/"+releaseFile)
	if errors.Is(err, fs.ErrNotExist) {
		return read, nil
	}
	if err != nil {
		return read, err
	}
	return read, json.Unmarshal(text, &read)
}
