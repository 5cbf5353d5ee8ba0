package main

import (
	"cmp"
	"crypto/sha256"
	"errors"
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
	var rival challenged
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
	command.Flags().StringVar(&rival.column, "champion", "", "column of another model's scores to compare with")
	command.Flags().Float64Var(&rival.threshold, "champion-threshold", 0, "the other model's decision threshold (default that of --threshold)")
	command.RunE = func(command *cobra.Command, _ []string) error {
		if err := where.check(command); err != nil {
			return err
		}
		if command.Flags().Changed("champion-threshold") && (rival.column == "" || where.survival()) {
			return errors.New("--champion-threshold needs --champion, and --label: it decides on the other scores")
		}
		file, err := where.read(command.Context())
		if err != nil {
			return err
		}
		measured, err := where.performance(file, rival)
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

// challenged is the other model: the column of its scores, and where it decides.
type challenged struct {
	column    string
	threshold float64
}

func (p *predictions) performance(file predicted, rival challenged) ([]evidence.Measurement, error) {
	champion := performance.Champion{Threshold: cmp.Or(rival.threshold, p.threshold)}
	var err error
	if rival.column != "" {
		if champion.Scores, err = file.Scores(rival.column); err != nil {
			return nil, err
		}
	}
	seed, err := seedOf(p.path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file.File, err)
	}
	var measured []evidence.Measurement
	if p.survival() {
		measured, err = performance.Survival(file.scores, file.Time, file.Event, champion.Scores, seed)
	} else {
		measured, err = performance.Binary(file.scores, file.Event, p.threshold, champion, seed)
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
