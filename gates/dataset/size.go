package dataset

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/internal/stats"
)

// usualR2 is the share of the largest R² that Riley 2020 (BMJ 368:m441) takes
// where nothing is known of the model to come, and usualC the discrimination
// that interval widths are foretold for: the middle of published models.
const (
	usualR2 = 0.15
	usualC  = 0.75
)

// size asks whether there are patients enough: to develop a model of so many
// parameters on the reference rows (Riley 2019), and to measure it on the
// current ones. The criteria are of binary outcomes; of survival they take who
// had the event, whenever, which asks for more patients than the hazard would.
func size(_ context.Context, s *study) ([]evidence.Measurement, error) {
	label, has := s.label()
	if !has {
		return nil, nil
	}
	development := s.outcomes(len(s.samples)-1, label)
	current := s.outcomes(0, label)
	parameters := s.parameters()
	found := []evidence.Measurement{
		count("model_parameters", "", parameters, len(s.candidates())),
		needed(parameters, development),
		eventsPerVariable(parameters, development),
	}
	if _, survival := s.time(); !survival {
		found = append(found, expectedWidth(current))
	}
	return found, nil
}

// parameters counts what a regression of the model's features would estimate:
// one for a number, one for each level of text but the first. Without a model
// all candidates are its features.
func (s *study) parameters() int {
	parameters := 0
	for _, feature := range s.candidates() {
		switch {
		case len(s.features) > 0 && !slices.Contains(s.features, feature.name), feature.kind == date:
		case feature.numeric():
			parameters++
		default:
			_, distinct := frequencies(feature.texts())
			parameters += max(0, distinct.Successes-1)
		}
	}
	return parameters
}

func needed(parameters int, development stats.Proportion) evidence.Measurement {
	const name = "development_n_required"
	prevalence, err := development.Value()
	if err != nil {
		return unmeasured(name, "", "there are no rows with an outcome")
	}
	largest, err := stats.LargestR2(prevalence)
	if err != nil {
		return unmeasured(name, "", err.Error())
	}
	size, err := stats.SizeForDevelopment(parameters, usualR2*largest, prevalence)
	if err != nil {
		return unmeasured(name, "", err.Error())
	}
	result := count(name, "", size.Patients, development.Trials)
	result.Method = "Riley, three criteria, R² 15 % of the largest possible"
	return result
}

// eventsPerVariable takes the rarer outcome (Peduzzi 1996, J Clin Epidemiol
// 49:1373); Riley's criteria replace it, people still ask for it.
func eventsPerVariable(parameters int, development stats.Proportion) evidence.Measurement {
	if parameters == 0 {
		return unmeasured("events_per_variable", "", "there are no features")
	}
	rarer := min(development.Successes, development.Trials-development.Successes)
	return evidence.Measurement{Name: "events_per_variable", N: development.Trials, Value: evidence.Number(float64(rarer) / float64(parameters))}
}

// expectedWidth foretells the width of the interval of the C-statistic: above
// 0.1 an evaluation tells little (Riley 2021, Stat Med 40:4230).
func expectedWidth(current stats.Proportion) evidence.Measurement {
	error, err := stats.HanleyMcNeil(usualC, current.Successes, current.Trials-current.Successes)
	if err != nil {
		return unmeasured("c_statistic_width", "", err.Error())
	}
	return evidence.Measurement{Name: "c_statistic_width", N: current.Trials, Method: "Hanley and McNeil, for a C-statistic of 0.75",
		Value: evidence.Number(2 * distuv.UnitNormal.Quantile(1-stats.Alpha/2) * math.Abs(error))}
}
