package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/dataset"
	"github.com/mlops-clinical-trials/assay/internal/report"
)

func newMeasureDataset() *cobra.Command {
	var data, reference, contract string
	command := &cobra.Command{
		Use:   "dataset",
		Short: "Measure data: missing values, repetition, identifiers, drift",
		Long: `Measure data: missing values (missing_fraction), repetition (duplicate_rows),
values that look like identifiers of a person (phi_values), per column.

With --reference, usually the training rows: drift of every column, for numbers
ks, mann_whitney_u, wasserstein, psi and js_distance, for text chi_square, psi
and js_distance. With --contract: what the contract promises and the data do
not keep (columns, types, ranges, required values), and leakage.`,
		Example: `  assay measure dataset --data october.csv
  assay measure dataset --data october.csv --reference march.parquet --contract dataset.yaml -o json`,
		Args: cobra.NoArgs,
	}
	output := outputFlag(command, "html")
	flags := command.Flags()
	flags.StringVar(&data, "data", "", "CSV or Parquet file to measure")
	flags.StringVar(&reference, "reference", "", "CSV or Parquet file to compare it with")
	flags.StringVar(&contract, "contract", "", "dataset.yaml that describes the data")
	cobra.CheckErr(command.MarkFlagRequired("data"))
	for flag, extensions := range map[string][]string{"data": {"csv", "parquet"}, "reference": {"csv", "parquet"}, "contract": {"yaml"}} {
		cobra.CheckErr(command.MarkFlagFilename(flag, extensions...))
	}
	command.RunE = func(command *cobra.Command, _ []string) error {
		promised, err := readContract(contract)
		if err != nil {
			return err
		}
		measured, err := dataset.MeasureFiles(command.Context(), data, reference, promised)
		if err != nil {
			return err
		}
		return writeSheet(command, *output, report.Sheet{File: filepath.Base(data), Gate: gates.Dataset, Measurements: measured})
	}
	return command
}

// maxContract is beyond what Decode takes, so that Decode tells of the excess.
const maxContract = 2 << 20

// readContract reads the contract of a dataset; without a path there is none.
func readContract(path string) (*v1alpha1.DatasetSpec, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the contract: %w", err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxContract))
	if err != nil {
		return nil, fmt.Errorf("reading the contract: %w", err)
	}
	var declared v1alpha1.Dataset
	if err := v1alpha1.Decode(path, content, &declared); err != nil {
		return nil, err
	}
	return &declared.Spec, nil
}
