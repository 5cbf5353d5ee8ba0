package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/bias"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

func newMeasureBias() *cobra.Command {
	var where predictions
	var groups []string
	command := &cobra.Command{
		Use:   "bias",
		Short: "Measure whether scores serve all cohorts of patients alike",
		Long: `Measure whether scores serve all cohorts of patients alike.

With --label: the gaps between cohorts in selection (demographic parity), in
sensitivity (equal opportunity), in both error rates (equalized odds) and in
auroc, and these rates within each cohort. With --time and --event: the gap in
c_index. A gap is between the two cohorts farthest apart, however small they
are; look at its interval. positives_needed says how many more patients would
settle it.`,
		Example: `  assay measure bias --predictions holdout.csv --label died --score risk --group sex,race
  assay measure bias --predictions holdout.csv --time days --event died --score risk --group sex -o json`,
		Args: cobra.NoArgs,
	}
	output := outputFlag(command, "html")
	where.flags(command)
	command.Flags().StringSliceVar(&groups, "group", nil, "columns of cohorts, separated by commas")
	cobra.CheckErr(command.MarkFlagRequired("group"))
	command.RunE = func(command *cobra.Command, _ []string) error {
		if err := where.check(command); err != nil {
			return err
		}
		if len(groups) == 0 {
			return errors.New("--group names no column of cohorts")
		}
		file, err := where.read(command.Context())
		if err != nil {
			return err
		}
		measured, err := where.bias(file, groups)
		if err != nil {
			return err
		}
		return writeSheet(command, *output, report.Sheet{File: file.File, Gate: gates.Bias, Measurements: measured})
	}
	return command
}

func (p *predictions) bias(file predicted, groups []string) ([]evidence.Measurement, error) {
	attributes := make([]bias.Attribute, len(groups))
	for i, column := range groups {
		values, err := file.Cohorts(column)
		if err != nil {
			return nil, err
		}
		attributes[i] = bias.Attribute{Column: column, Values: values}
	}
	var measured []evidence.Measurement
	var err error
	if p.survival() {
		measured, err = bias.Survival(file.scores, file.Time, file.Event, attributes)
	} else {
		measured, err = bias.Binary(file.scores, file.Event, p.threshold, attributes)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file.File, err)
	}
	return measured, nil
}
