package qualify

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/mlops-clinical-trials/assay/internal/stats"
	"github.com/mlops-clinical-trials/assay/internal/table"
	"github.com/mlops-clinical-trials/assay/internal/trainer"
)

// missedInPopulation is the share of events below the decision threshold:
// production asks for a sensitivity of 0.90, proven.
const missedInPopulation = 0.04

// learn trains the recipe on the real training rows, and scores every row.
// Probabilities are then recalibrated on all rows (Cox 1958), so that slope and
// intercept in the population are 1 and 0.
func (p *pool) learn(ctx context.Context, frame *table.Frame, dir string) error {
	if err := p.fit(ctx, frame, dir); err != nil {
		return err
	}
	p.events = make([]bool, len(p.rows))
	for row := range p.rows {
		p.events[row] = p.rows[row][p.at(p.outcomeColumn())] == "1"
	}
	if !p.binary() {
		return p.rankSurvival()
	}
	calibration, err := stats.Calibrate(p.scores, p.events)
	if err != nil {
		return err
	}
	var ofEvents []float64
	for row, score := range p.scores {
		p.scores[row] = expit(calibration.Intercept.Value + calibration.Slope.Value*logit(score))
		if p.events[row] {
			ofEvents = append(ofEvents, p.scores[row])
		}
	}
	slices.Sort(ofEvents)
	p.recipe.DecisionThreshold = ofEvents[int(missedInPopulation*float64(len(ofEvents)))]
	ranking, err := stats.DeLong(p.scores, p.events)
	p.discrimination = ranking.Value
	return err
}

func (p *pool) rankSurvival() error {
	times := make([]float64, len(p.rows))
	for row := range p.rows {
		time, err := strconv.ParseFloat(p.rows[row][p.at(p.contract.Time)], 64)
		if err != nil {
			return err
		}
		times[row] = time
	}
	ranking, err := stats.Harrell(p.scores, times, p.events)
	p.discrimination = ranking.Value
	return errors.Join(err, p.foretell(times))
}

func (p *pool) fit(ctx context.Context, frame *table.Frame, dir string) error {
	marks, err := frame.Texts(p.contract.Split.Column)
	if err != nil {
		return err
	}
	var rows []int
	for row, mark := range marks {
		if mark == p.contract.Split.Train {
			rows = append(rows, row)
		}
	}
	path := filepath.Join(dir, "train.csv")
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := errors.Join(frame.Select(rows, frame.Columns()).WriteCSV(file), file.Close()); err != nil {
		return err
	}
	config, err := trainer.NewConfig(p.recipe, p.contract)
	if err != nil {
		return err
	}
	chosen, err := trainer.For(p.recipe.Trainer)
	if err != nil {
		return err
	}
	if err := chosen.Train(ctx, trainer.TrainJob{Data: path, Config: config, Out: dir}); err != nil {
		return err
	}
	said, err := chosen.Predict(ctx, trainer.PredictJob{Model: dir, Data: filepath.Join(dir, "data.csv"), Config: config})
	p.scores = said.Scores
	return err
}

func logit(probability float64) float64 { return math.Log(probability) - math.Log1p(-probability) }

func expit(value float64) float64 { return 1 / (1 + math.Exp(-value)) }
