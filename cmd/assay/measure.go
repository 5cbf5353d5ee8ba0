package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

func newMeasure() *cobra.Command {
	command := &cobra.Command{
		Use:   "measure",
		Short: "Measure a file of predictions or of data, without a repository",
		Long: `Measure a file of predictions or of data, without a repository: the numbers that
the gates find in a candidate, for any CSV or Parquet file. Nothing is judged.

Every number comes with its 95 % interval, with n, the rows it rests on, and
with the method that made it. A number that does not exist (the ppv of a model
that selects nobody) has no value, and a method that says why. The same file
gives the same numbers: resampling is seeded by its digest. With -o html they
come as one page, with figures.`,
		Example: `  assay measure performance --predictions holdout.csv --label died --score risk
  assay measure bias --predictions holdout.parquet --label died --score risk --group sex,race
  assay measure dataset --data october.csv --reference march.csv -o json`,
		Args: cobra.ArbitraryArgs, // RunE knows what to say of them
		RunE: func(command *cobra.Command, arguments []string) error {
			if len(arguments) > 0 {
				return fmt.Errorf("measure %q: there is no such gate for files\nhint: performance, bias or dataset", arguments[0])
			}
			return errors.New("what is to be measured?\nhint: assay measure performance, bias or dataset; assay measure --help shows examples")
		},
	}
	command.AddCommand(newMeasurePerformance(), newMeasureBias(), newMeasureDataset())
	return command
}

// writeSheet prints what was measured as JSON, as a page or as a table.
func writeSheet(command *cobra.Command, output string, sheet report.Sheet) error {
	switch output {
	case "html":
		return sheet.HTML(command.OutOrStdout())
	case "json":
		content, err := evidence.MarshalNumbers(sheet.Measurements)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(command.OutOrStdout(), "%s\n", content)
		return err
	}
	return measurementTable(command.OutOrStdout(), sheet.Measurements)
}
