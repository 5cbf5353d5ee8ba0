package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/bias"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

// comparison is a file of predictions, and between whom and with what it is
// compared.
type comparison struct {
	predictions
	groups            []string
	champion, risk    string
	championThreshold float64
	horizon           float64
	unsuppressed      bool
}

func newMeasureBias() *cobra.Command {
	var of comparison
	command := &cobra.Command{
		Use:   "bias",
		Short: "Measure whether scores serve all cohorts of patients alike",
		Long: `Measure whether scores serve all cohorts of patients alike.

With --label: the gaps between cohorts in selection (demographic parity), in
sensitivity (equal opportunity), in both error rates (equalized odds) and in
auroc, and these rates within each cohort. With --time and --event: the gap in
c_index, and with --risk and --horizon observed over expected events. A gap is
between the two cohorts farthest apart, however small they are; look at its
interval. positives_needed says how many more patients would settle it. With
--champion: what other scores of the same rows did better within each cohort.

Of a cohort of fewer than 11 patients nothing is told, nor of another one that
would give it away; --unsuppressed tells all, for the owner of the rows.`,
		Example: `  assay measure bias --predictions holdout.csv --label died --score risk --group sex,race
  assay measure bias --predictions holdout.csv --label died --score risk --group sex --champion old_risk --champion-threshold 0.3
  assay measure bias --predictions holdout.csv --time days --event died --score risk --group sex -o json`,
		Args: cobra.NoArgs,
	}
	output := outputFlag(command, "html")
	of.flags(command)
	command.RunE = func(command *cobra.Command, _ []string) error {
		if err := of.check(command); err != nil {
			return err
		}
		file, err := of.read(command.Context())
		if err != nil {
			return err
		}
		measured, err := of.measure(file)
		if err != nil {
			return err
		}
		return writeSheet(command, *output, report.Sheet{File: file.File, Gate: gates.Bias, Measurements: measured})
	}
	return command
}

func (c *comparison) flags(command *cobra.Command) {
	c.predictions.flags(command)
	flags := command.Flags()
	flags.StringSliceVar(&c.groups, "group", nil, "columns of cohorts, separated by commas")
	flags.StringVar(&c.champion, "champion", "", "column of another model's scores to compare with")
	flags.Float64Var(&c.championThreshold, "champion-threshold", 0, "the other model's decision threshold (default that of --threshold)")
	flags.StringVar(&c.risk, "risk", "", "survival: column of the predicted probabilities of an event by --horizon")
	flags.Float64Var(&c.horizon, "horizon", 0, "survival: the time by which --risk predicts an event")
	flags.BoolVar(&c.unsuppressed, "unsuppressed", false, "tell of cohorts of fewer than 11 patients too")
	cobra.CheckErr(command.MarkFlagRequired("group"))
}

// check refuses flags that contradict each other.
func (c *comparison) check(command *cobra.Command) error {
	if err := c.predictions.check(command); err != nil {
		return err
	}
	given := command.Flags().Changed
	switch {
	case len(c.groups) == 0:
		return errors.New("--group names no column of cohorts")
	case given("champion-threshold") && (c.champion == "" || c.survival()):
		return errors.New("--champion-threshold needs --champion, and --label: it decides on the other scores")
	case given("risk") != given("horizon"):
		return errors.New("--risk and --horizon need each other")
	case given("risk") && !c.survival():
		return errors.New("--risk and --horizon are for survival: they go together with --time and --event")
	case given("horizon") && !(c.horizon > 0):
		return fmt.Errorf("--horizon %v is not a time above 0", c.horizon)
	}
	return nil
}

func (c *comparison) measure(file predicted) ([]evidence.Measurement, error) {
	attributes := make([]bias.Attribute, len(c.groups))
	for i, column := range c.groups {
		values, err := file.Cohorts(column)
		if err != nil {
			return nil, err
		}
		attributes[i] = bias.Attribute{Column: column, Values: values, Unsuppressed: c.unsuppressed}
	}
	champion, err := optional(file, c.champion)
	if err != nil {
		return nil, err
	}
	compare := c.decisions
	if c.survival() {
		compare = c.orderings
	}
	measured, err := compare(file, champion, attributes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file.File, err)
	}
	return measured, nil
}

// optional reads a column of scores, if it is named.
func optional(file predicted, column string) ([]float64, error) {
	if column == "" {
		return nil, nil
	}
	return file.Scores(column)
}

func (c *comparison) decisions(file predicted, champion []float64, attributes []bias.Attribute) ([]evidence.Measurement, error) {
	ours, theirs := bias.Scored{Scores: file.scores, Threshold: c.threshold}, bias.Scored{Scores: champion, Threshold: c.championThreshold}
	if theirs.Threshold == 0 {
		theirs.Threshold = ours.Threshold
	}
	measured, err := bias.Binary(ours.Scores, file.Event, ours.Threshold, attributes)
	if err != nil {
		return nil, err
	}
	changed, err := bias.Changes(ours, theirs, file.Event, attributes)
	return append(measured, changed...), err
}

func (c *comparison) orderings(file predicted, champion []float64, attributes []bias.Attribute) ([]evidence.Measurement, error) {
	measured, err := bias.Survival(file.scores, file.Time, file.Event, attributes)
	if err != nil {
		return nil, err
	}
	risks, err := optional(file, c.risk)
	if err != nil {
		return nil, err
	}
	fulfilled, err := bias.Horizon(risks, file.Time, file.Event, c.horizon, attributes)
	if err != nil {
		return nil, err
	}
	seed, err := seedOf(c.path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file.File, err)
	}
	changed, err := bias.SurvivalChanges(file.scores, champion, file.Time, file.Event, seed, attributes)
	return slices.Concat(measured, fulfilled, changed), err
}
