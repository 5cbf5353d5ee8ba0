package trainer

import (
	"fmt"
	"math"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/internal/table"
)

// column holds one feature's values; one of the two is set.
type column struct {
	numbers []float64 // NaN where missing
	texts   []string  // "" where missing
}

func readColumn(frame *table.Frame, name string, numeric bool) (column, error) {
	if numeric {
		numbers, err := frame.Numbers(name)
		return column{numbers: numbers}, err
	}
	texts, err := frame.Texts(name)
	return column{texts: texts}, err
}

// fitFeature learns the encoding of a column from the training rows. Its type
// is the contract's: guessing from the values would turn a code into a number.
func fitFeature(frame *table.Frame, contract v1alpha1.Column) (*Feature, column, error) {
	numeric := contract.Type == "number" || contract.Type == "integer"
	if !numeric && contract.Type != "text" {
		return nil, column{}, fmt.Errorf("column %q: a built-in trainer cannot use type %.40q: give a number or text", contract.Name, contract.Type)
	}
	values, err := readColumn(frame, contract.Name, numeric)
	if err != nil {
		return nil, column{}, err
	}
	if numeric {
		feature, err := fitNumber(contract.Name, values.numbers)
		return feature, values, err
	}
	feature, err := fitText(contract.Name, values.texts)
	return feature, values, err
}

// readLabels accepts 0 and 1 only: a missing outcome is not a negative one.
func readLabels(frame *table.Frame, name string) ([]bool, error) {
	values, err := frame.Numbers(name)
	if err != nil {
		return nil, err
	}
	labels := make([]bool, len(values))
	for row, value := range values {
		if value != 0 && value != 1 {
			return nil, frame.Fault(row, name, "an outcome is 0 or 1, not "+show(value))
		}
		labels[row] = value == 1
	}
	return labels, nil
}

func followUp(frame *table.Frame, config Config) ([]float64, []bool, error) {
	event, err := readLabels(frame, config.Event)
	if err != nil {
		return nil, nil, err
	}
	time, err := frame.Numbers(config.Time)
	if err != nil {
		return nil, nil, err
	}
	for row, value := range time {
		if !(value >= 0) {
			return nil, nil, frame.Fault(row, config.Time, "follow-up is 0 or more, not "+show(value))
		}
	}
	return time, event, nil
}

func show(value float64) string {
	if math.IsNaN(value) {
		return "missing"
	}
	return fmt.Sprint(value)
}
