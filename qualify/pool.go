package qualify

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/catalog"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// cohortColumn holds the cohorts that a coin has drawn.
const cohortColumn = "cohort"

// mostMissing is the share of missing values beyond which a real column is
// left out: production allows 0.20, and a clean candidate has to meet it.
const mostMissing = 0.175

// pool is the population that candidates are drawn from: the rows of a real
// data set, and the score that a real model gives to each.
type pool struct {
	name     string
	contract v1alpha1.DatasetSpec
	recipe   v1alpha1.ModelSpec
	columns  []string
	rows     [][]string
	events   []bool
	scores   []float64
	hazard   float64 // survival: of a score of 0, by the horizon

	discrimination float64 // of the scores: AUROC, or Harrell's C

	train   int // how many rows a candidate's training file has
	holdout int
}

// sources are the populations: the recipe, and how many rows a candidate has.
// Holdouts are as large as the limits of production ask for. At a true gap of 0
// in AUROC, and a true calibration slope of 1, the whole interval is to lie
// inside the limits in more than 99 of 100 draws.
var sources = []struct {
	model          string
	train, holdout int
}{
	{"breast-malignancy", 2000, 8000},
	{"colon-mortality", 3000, 12000},
	{"lung-survival", 2000, 5000},
}

func openPools(ctx context.Context, dir string) ([]*pool, error) {
	var pools []*pool
	for _, source := range sources {
		opened, err := openPool(ctx, filepath.Join(dir, source.model), source.model)
		if err != nil {
			return nil, fmt.Errorf("preparing %s: %w", source.model, err)
		}
		opened.train, opened.holdout = source.train, source.holdout
		pools = append(pools, opened)
	}
	return pools, nil
}

func openPool(ctx context.Context, dir, name string) (*pool, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	var recipe v1alpha1.Model
	if err := decode("models/"+name+"/model.yaml", &recipe); err != nil {
		return nil, err
	}
	folder := "datasets/" + recipe.Spec.Dataset
	var dataset v1alpha1.Dataset
	if err := decode(folder+"/dataset.yaml", &dataset); err != nil {
		return nil, err
	}
	content, err := fs.ReadFile(catalog.FS, folder+"/"+dataset.Spec.Source)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "data.csv")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return nil, err
	}
	frame, err := table.Read(ctx, path)
	if err != nil {
		return nil, err
	}
	opened := &pool{name: recipe.Spec.Dataset, contract: dataset.Spec, recipe: recipe.Spec}
	if err := opened.fill(frame); err != nil {
		return nil, err
	}
	return opened, opened.learn(ctx, frame, dir)
}

func decode(path string, into v1alpha1.Object) error {
	content, err := fs.ReadFile(catalog.FS, path)
	if err != nil {
		return err
	}
	return v1alpha1.Decode(path, content, into)
}

// fill takes the rows, with the columns that the recipe is about unless they
// miss too much, and a column of cohorts that is still empty.
func (p *pool) fill(frame *table.Frame) error {
	p.rows = make([][]string, frame.Rows())
	for _, name := range frame.Columns() {
		values, err := frame.Texts(name)
		if err != nil {
			return err
		}
		absent := 0
		for _, value := range values {
			if value == "" {
				absent++
			}
		}
		if !p.needs(name) || float64(absent) > mostMissing*float64(len(values)) {
			p.drop(name)
			continue
		}
		p.columns = append(p.columns, name)
		for row, value := range values {
			p.rows[row] = append(p.rows[row], value)
		}
	}
	for row := range p.rows {
		p.rows[row] = append(p.rows[row], "")
	}
	p.columns = append(p.columns, cohortColumn)
	p.promise()
	return nil
}

func (p *pool) needs(name string) bool {
	held := []string{p.contract.Key, p.contract.Split.Column, p.contract.Label, p.contract.Time, p.contract.Event}
	return slices.Contains(append(held, p.recipe.Features...), name)
}

func (p *pool) drop(name string) {
	p.contract.Columns = slices.DeleteFunc(slices.Clone(p.contract.Columns), func(c v1alpha1.Column) bool { return c.Name == name })
	p.recipe.Features = slices.DeleteFunc(slices.Clone(p.recipe.Features), func(feature string) bool { return feature == name })
}

// promise writes the contract of the candidates: numbers that are reduced by
// less than a millionth are no integers, and the coin's cohorts are the only
// ones.
func (p *pool) promise() {
	p.contract.Columns = slices.Clone(p.contract.Columns)
	for i, column := range p.contract.Columns {
		if p.jitters(column) {
			p.contract.Columns[i].Type = "number"
		}
	}
	p.contract.Columns = append(p.contract.Columns, v1alpha1.Column{Name: cohortColumn, Type: "text", Values: []string{"a", "b"}, Required: true})
	p.contract.Groups = []string{cohortColumn}
}

// jitters holds for numbers that are neither outcome nor codes of one.
func (p *pool) jitters(column v1alpha1.Column) bool {
	numeric := column.Type == "number" || column.Type == "integer"
	return numeric && !slices.Contains([]string{p.contract.Label, p.contract.Time, p.contract.Event}, column.Name)
}

func (p *pool) at(column string) int { return slices.Index(p.columns, column) }

// outcomeColumn is the column of the label, or of the event.
func (p *pool) outcomeColumn() string {
	if p.recipe.Task == v1alpha1.Survival {
		return p.contract.Event
	}
	return p.contract.Label
}

func (p *pool) binary() bool { return p.recipe.Task == v1alpha1.Binary }
