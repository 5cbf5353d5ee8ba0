package assembly

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/table"
	"github.com/mlops-clinical-trials/assay/internal/trainer"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

// rows takes data files apart with DuckDB.
type rows struct{}

func (rows) Split(ctx context.Context, data string, dataset v1alpha1.DatasetSpec, train, holdout string) error {
	frame, err := table.Read(ctx, data)
	if err != nil {
		return err
	}
	marks, err := frame.Texts(dataset.Split.Column)
	if err != nil {
		return err
	}
	parts := map[string][]int{}
	for row, mark := range marks {
		if mark != dataset.Split.Train && mark != dataset.Split.Holdout {
			return frame.Fault(row, dataset.Split.Column,
				fmt.Sprintf("%.40q is neither %q nor %q", mark, dataset.Split.Train, dataset.Split.Holdout))
		}
		parts[mark] = append(parts[mark], row)
	}
	for _, part := range []struct{ mark, path string }{{dataset.Split.Train, train}, {dataset.Split.Holdout, holdout}} {
		if len(parts[part.mark]) == 0 {
			return fmt.Errorf("%s: no row is marked %q in column %q", dataset.Source, part.mark, dataset.Split.Column)
		}
		if err := writeFrame(frame.Select(parts[part.mark], frame.Columns()), part.path); err != nil {
			return err
		}
	}
	return nil
}

// Origin reads the data file once more: who asks has an error to tell, and a
// second look costs less than a number kept beside every row.
func (rows) Origin(ctx context.Context, data string, dataset v1alpha1.DatasetSpec, mark string, row int) (int, error) {
	frame, err := table.Read(ctx, data)
	if err != nil {
		return 0, err
	}
	marks, err := frame.Texts(dataset.Split.Column)
	if err != nil {
		return 0, err
	}
	for at, found := range marks {
		if found != mark {
			continue
		}
		if row--; row == 0 {
			return at + 1, nil
		}
	}
	return 0, fmt.Errorf("%s: there are not that many rows marked %q", dataset.Source, mark)
}

func (rows) Blind(ctx context.Context, holdout string, recipe promotion.Recipe, blind string) error {
	frame, err := table.Read(ctx, holdout)
	if err != nil {
		return err
	}
	return writeFrame(trainer.Blind(frame, recipe.Contract, recipe.Features), blind)
}

func writeFrame(frame *table.Frame, path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(frame.WriteCSV(file), file.Close())
}
