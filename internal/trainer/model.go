package trainer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"unicode/utf8"
)

// ModelFile is the name of the file that holds a built-in trainer's model.
const ModelFile = "model.json"

// Bounds on a model file: it is read back from a registry.
const (
	maxModelBytes = 1 << 20
	maxFeatures   = 4096
	maxLevels     = 1024
	maxText       = 256
)

// Linear is a regression model, written so that a statistician can recompute a
// score by hand: each coefficient stands beside what it multiplies.
type Linear struct {
	Kind      string     `json:"kind"`
	Intercept float64    `json:"intercept"` // 0 for cox: the baseline hazard holds it
	Features  []*Feature `json:"features"`
	Baseline  *Baseline  `json:"baseline,omitempty"` // cox, where the recipe names a horizon
}

// Feature is one column, how it becomes numbers, and their coefficients.
// Exactly one of Number and Text is set.
type Feature struct {
	Name    string   `json:"name"`
	Number  *Number  `json:"number,omitempty"`
	Text    *Text    `json:"text,omitempty"`
	Missing *float64 `json:"missing,omitempty"` // added where the value is missing; none if training lacked no value
}

// Number is a numeric feature: coefficient times (value - mean) / sd. A missing
// value counts as the median.
type Number struct {
	Median      float64 `json:"median"`
	Mean        float64 `json:"mean"`
	SD          float64 `json:"sd"`
	Coefficient float64 `json:"coefficient"`
}

// Text is a categorical feature. The reference level, the most common one in
// training, has coefficient 0; so does a missing value, save for its Missing.
type Text struct {
	Reference string   `json:"reference"`
	Levels    []Level  `json:"levels"`          // sorted
	Other     *float64 `json:"other,omitempty"` // rare or unseen levels; none if training had no rare one
}

// Level is one value of a categorical feature.
type Level struct {
	Level       string  `json:"level"`
	Coefficient float64 `json:"coefficient"`
}

// MarshalModel writes the one text that a model has: fields in a fixed order,
// features as in the recipe, each number with the fewest digits that read back
// as the same float64.
func MarshalModel(model Linear) ([]byte, error) {
	if err := model.validate(); err != nil {
		return nil, err
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // "<5" is a level people write
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(model); err != nil {
		return nil, fmt.Errorf("writing the model: %w", err)
	}
	return text.Bytes(), nil
}

// ParseModel reads what MarshalModel wrote, and refuses every other text. One
// comparison thus bars unknown, repeated and misspelt fields, trailing bytes
// and numbers written in another way: no two files hold the same model.
func ParseModel(data []byte) (Linear, error) {
	if len(data) > maxModelBytes {
		return Linear{}, fmt.Errorf("model is larger than %d bytes", maxModelBytes)
	}
	var model Linear
	if err := json.Unmarshal(data, &model); err != nil {
		return Linear{}, fmt.Errorf("model: %w", err)
	}
	canonical, err := MarshalModel(model)
	if err != nil {
		return Linear{}, err
	}
	if !bytes.Equal(canonical, data) {
		return Linear{}, fmt.Errorf("model is not in the form that the trainer writes; train it again")
	}
	return model, nil
}

func (m Linear) validate() error {
	if m.Kind != Logistic && m.Kind != Cox {
		return fmt.Errorf("model: kind %.40q is neither %s nor %s", m.Kind, Logistic, Cox)
	}
	if len(m.Features) == 0 || len(m.Features) > maxFeatures {
		return fmt.Errorf("model has %d features; 1 to %d are allowed", len(m.Features), maxFeatures)
	}
	seen := map[string]bool{}
	for _, feature := range m.Features {
		if feature == nil || !sound(feature.Name) || feature.Name == "" || seen[feature.Name] {
			return fmt.Errorf("model: a feature has no name, an unreadable one, or another's")
		}
		seen[feature.Name] = true
		if err := feature.validate(); err != nil {
			return fmt.Errorf("model: feature %q: %w", feature.Name, err)
		}
	}
	if err := m.Baseline.validate(m.Kind); err != nil {
		return fmt.Errorf("model: baseline: %w", err)
	}
	return finite(&m.Intercept)
}

func (f *Feature) validate() error {
	switch {
	case (f.Number == nil) == (f.Text == nil):
		return fmt.Errorf("it is neither a number nor text, or both")
	case f.Number != nil && !(f.Number.SD > 0):
		return fmt.Errorf("sd %v is not positive", f.Number.SD)
	case f.Number != nil:
		return finite(&f.Number.Median, &f.Number.Mean, &f.Number.SD, &f.Number.Coefficient, f.Missing)
	}
	return f.Text.validate(f.Missing)
}

func (t *Text) validate(missing *float64) error {
	if !sound(t.Reference) || t.Levels == nil || len(t.Levels) > maxLevels {
		return fmt.Errorf("the reference level is unreadable, or there are more than %d levels", maxLevels)
	}
	for i, level := range t.Levels {
		if !sound(level.Level) || level.Level == t.Reference || i > 0 && t.Levels[i-1].Level >= level.Level {
			return fmt.Errorf("level %.40q is unreadable, out of order or repeated", level.Level)
		}
		if err := finite(&level.Coefficient); err != nil {
			return err
		}
	}
	return finite(t.Other, missing)
}

// sound reports text that JSON keeps as it is and people can read.
func sound(text string) bool { return len(text) <= maxText && utf8.ValidString(text) }

// finite reports the first number that is not; an absent one passes.
func finite(numbers ...*float64) error {
	for _, number := range numbers {
		if number != nil && (math.IsNaN(*number) || math.IsInf(*number, 0)) {
			return fmt.Errorf("a number is not finite: %v", *number)
		}
	}
	return nil
}
