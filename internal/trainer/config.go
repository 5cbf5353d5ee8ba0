package trainer

import (
	"fmt"
	"math"
	"slices"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// Config is what a trainer is told besides the rows: the recipe, and what the
// columns of the rows mean. A command reads it as JSON.
type Config struct {
	Model   v1alpha1.ModelSpec `json:"model"`
	Key     string             `json:"key"`
	Label   string             `json:"label,omitempty"`
	Time    string             `json:"time,omitempty"`
	Event   string             `json:"event,omitempty"`
	Columns []v1alpha1.Column  `json:"columns"` // the features, in the recipe's order
}

// NewConfig joins a recipe to the contract of its dataset. It refuses a
// feature that the contract does not describe, and one that is no feature at
// all: a recipe that lists its own outcome would score perfectly.
func NewConfig(model v1alpha1.ModelSpec, dataset v1alpha1.DatasetSpec) (Config, error) {
	config := Config{Model: model, Key: dataset.Key, Label: dataset.Label, Time: dataset.Time, Event: dataset.Event}
	if len(model.Features) == 0 {
		return Config{}, fmt.Errorf("the recipe names no features")
	}
	if horizon := model.Horizon; horizon != 0 && (model.Task != v1alpha1.Survival || !(horizon > 0) || math.IsInf(horizon, 0)) {
		return Config{}, fmt.Errorf("horizon %v: it is a time above 0, of a recipe whose task is %s", horizon, v1alpha1.Survival)
	}
	for i, feature := range model.Features {
		if slices.Contains(model.Features[:i], feature) {
			return Config{}, fmt.Errorf("feature %q is listed twice", feature)
		}
		if slices.Contains(hidden(dataset), feature) {
			return Config{}, fmt.Errorf("feature %q is the key, the outcome or the split of the dataset", feature)
		}
		at := slices.IndexFunc(dataset.Columns, func(c v1alpha1.Column) bool { return c.Name == feature })
		if at < 0 {
			return Config{}, fmt.Errorf("feature %q is not a column of the dataset contract", feature)
		}
		config.Columns = append(config.Columns, dataset.Columns[at])
	}
	return config, nil
}

// Blind keeps the key and the features of a frame, and every row in its order.
// Outcomes, the split and columns that only name cohorts do not pass, even
// when the recipe lists an outcome as a feature. A feature that the frame
// lacks is missed by Predict, which knows the file to name.
func Blind(frame *table.Frame, dataset v1alpha1.DatasetSpec, features []string) *table.Frame {
	var columns []string
	for _, name := range append([]string{dataset.Key}, features...) {
		secret := name != dataset.Key && slices.Contains(hidden(dataset), name)
		if !secret && frame.Has(name) && !slices.Contains(columns, name) {
			columns = append(columns, name)
		}
	}
	rows := make([]int, frame.Rows())
	for row := range rows {
		rows[row] = row
	}
	return frame.Select(rows, columns)
}

// hidden lists the columns that can never be features.
func hidden(dataset v1alpha1.DatasetSpec) []string {
	return []string{dataset.Key, dataset.Label, dataset.Time, dataset.Event, dataset.Split.Column}
}
