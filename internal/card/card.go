package card

import (
	"errors"
	"fmt"
	"strings"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

// Card is a model card whose numbers are those of the evidence.
type Card struct {
	Release  evidence.Subject
	Text     v1alpha1.CardSpec // with every reference replaced
	Results  Results
	measured measured
}

// Results are the numbers of the three key metrics.
type Results struct {
	Usefulness []Result `json:"usefulness"`
	Fairness   []Result `json:"fairness"`
	Safety     []Result `json:"safety"`
}

// Result is one number of a key metric.
type Result struct {
	Label string `json:"label"`
	Gate  string `json:"gate"`
	evidence.Measurement
}

// Fill makes the card of a release from what its author wrote and from what was
// measured of it. It fails with every place that points to no number.
func Fill(release evidence.Subject, written v1alpha1.CardSpec, evidenced []evidence.Measurements) (Card, error) {
	filled := Card{Release: release, measured: arrange(evidenced)}
	var dangling []error
	told := func(place string, reference v1alpha1.Pointer) (string, error) {
		found, err := filled.measured.find(reference)
		if err != nil {
			dangling = append(dangling, fmt.Errorf("%s: %w", place, err))
			return "", nil
		}
		return tell(found.Measurement), nil
	}
	text, err := written.Fill(told)
	if err != nil {
		return Card{}, err
	}
	filled.Text = text
	results := func(place string, metric v1alpha1.KeyMetric) []Result {
		found, wrong := filled.measured.results(place, metric)
		dangling = append(dangling, wrong...)
		return found
	}
	metrics := filled.Text.KeyMetrics
	filled.Results = Results{
		Usefulness: results("keyMetrics.usefulness.results", metrics.Usefulness),
		Fairness:   results("keyMetrics.fairness.results", metrics.Fairness),
		Safety:     results("keyMetrics.safety.results", metrics.Safety),
	}
	if err := errors.Join(dangling...); err != nil {
		return Card{}, fmt.Errorf("%w\nhint: a number of a card is one that a gate has measured of this release", err)
	}
	return filled, nil
}

// measured are the measurements of all gates, by gate and name.
type measured map[string][]Result

func arrange(evidenced []evidence.Measurements) measured {
	arranged := measured{}
	for _, one := range evidenced {
		for _, m := range one.Measurements {
			name := one.Gate + "." + m.Name
			arranged[name] = append(arranged[name], Result{Gate: one.Gate, Measurement: m})
		}
	}
	return arranged
}

// find is the one measurement that a pointer names.
func (m measured) find(pointer v1alpha1.Pointer) (Result, error) {
	name := pointer.Measurement
	if pointer.Group != "" {
		name += " of " + pointer.Group
	}
	var found []Result
	for _, one := range m[pointer.Measurement] {
		if one.Group == pointer.Group {
			found = append(found, one)
		}
	}
	switch {
	case strings.TrimSpace(pointer.Measurement) == "":
		return Result{}, errors.New("${...} names no measurement")
	case len(found) == 0:
		return Result{}, fmt.Errorf("%s is not in evidence", name)
	case len(found) > 1:
		return Result{}, fmt.Errorf("%s is in evidence %d times", name, len(found))
	case found[0].Value == "":
		return Result{}, fmt.Errorf("%s could not be measured: %s", name, found[0].Method)
	}
	if err := found[0].Validate(); err != nil {
		return Result{}, err
	}
	return found[0], nil
}

func (m measured) results(place string, metric v1alpha1.KeyMetric) (results []Result, wrong []error) {
	if len(metric.Results) == 0 {
		return nil, []error{fmt.Errorf("%s: there is none", place)}
	}
	for i, pointer := range metric.Results {
		found, err := m.find(pointer)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s[%d]: %w", place, i, err))
			continue
		}
		found.Label = pointer.Label
		results = append(results, found)
	}
	return results, wrong
}
