package main

import (
	"crypto/sha256"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/performance"
	"github.com/mlops-clinical-trials/assay/internal/curves"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

func newMeasurePerformance() *cobra.Command {
	var where predictions
	var champion string
	command := &cobra.Command{
		Use:   "performance",
		Short: "Measure how well scores predict what happened",
		Long: `Measure how well scores predict what happened.

With --label: ranking (auroc, auprc), probabilities (brier, log_loss,
calibration, net_benefit) and decisions at the threshold (sensitivity, ppv,
mcc). Scores outside [0, 1] are ranked and decided on; what only a probability
has, has no value. With --time and --event: concordance (c_index, uno_c) under
censoring. With --champion: the difference to other scores of the same rows.`,
		Example: `  assay measure performance --predictions holdout.csv --label died --score risk
  assay measure performance --predictions holdout.csv --label died --score risk --champion old_risk --threshold 0.2 -o json
  assay measure performance --predictions holdout.csv --time days --event died --score risk`,
		Args: cobra.NoArgs,
	}
	output := outputFlag(command, "html")
	where.flags(command)
	command.Flags().StringVar(&champion, "champion", "", "column of another model's scores to compare with")
	command.RunE = func(command *cobra.Command, _ []string) error {
		if err := where.check(command); err != nil {
			return err
		}
		file, err := where.read(command.Context())
		if err != nil {
			return err
		}
		measured, err := where.performance(file, champion)
		if err != nil {
			return err
		}
		sheet := report.Sheet{File: file.File, Gate: gates.Performance, Measurements: measured}
		if *output == "html" {
			drawn, err := curves.Of(file.scores, file.Outcome)
			if err != nil {
				return fmt.Errorf("%s: %w", file.File, err)
			}
			sheet.Curves = &drawn
		}
		return writeSheet(command, *output, sheet)
	}
	return command
}

func (p *predictions) performance(file predicted, champion string) ([]evidence.Measurement, error) {
	var rival []float64
	var err error
	if champion != "" {
		if rival, err = file.Scores(champion); err != nil {
			return nil, err
		}
	}
	seed, err := seedOf(p.path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file.File, err)
	}
	var measured []evidence.Measurement
	if p.survival() {
		measured, err = performance.Survival(file.scores, file.Time, file.Event, rival, seed)
	} else {
		measured, err = performance.Binary(file.scores, file.Event, p.threshold, performance.Champion{Scores: rival, Threshold: p.threshold}, seed)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file.File, err)
	}
	return measured, nil
}

// seedOf makes the seed of resampling from the file's digest.
func seedOf(path string) ([32]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return [32]byte{}, err
	}
	defer file.Close()
	digest, err := evidence.SumReader(file)
	return sha256.Sum256([]byte(digest)), err
}
