package judge

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/mlops-clinical-trials/assay/evidence"
)

func (q Question) kind() (string, error) {
	var kinds []string
	if q.Change != nil {
		kinds = append(kinds, "change")
	}
	if q.Model != nil {
		kinds = append(kinds, "model")
	}
	if q.Workload != nil {
		kinds = append(kinds, "workload")
	}
	if len(kinds) != 1 {
		return "", errors.New("a question asks about exactly one of a change, a model and a workload")
	}
	return kinds[0], nil
}

func (q Question) subject() string {
	switch {
	case q.Change != nil:
		return "change of " + q.Change.Model
	case q.Model != nil:
		return q.Model.Release.String()
	default:
		return fmt.Sprintf("%s %s/%s", q.Workload.Kind, q.Workload.Namespace, q.Workload.Name)
	}
}

// input is what the rules see.
func (q Question) input() (ast.Value, error) {
	document := map[string]any{
		"environment": q.Environment,
		"profile":     q.Profile,
		"time":        strconv.FormatInt(q.Time.Unix(), 10),
	}
	switch {
	case q.Change != nil:
		document["change"] = q.Change
	case q.Model != nil:
		document["model"] = q.Model.project(q.Environment)
	case q.Workload != nil:
		workload := *q.Workload
		if workload.Models == nil {
			workload.Models = []ModelUse{}
		}
		if workload.Images == nil {
			workload.Images = []Image{}
		}
		document["workload"] = workload
	}
	return ast.InterfaceToValue(document)
}

// project arranges verified statements for the rules. It decides nothing: a
// statement for another environment becomes a problem, two statements of one
// gate stand side by side (and then contradict each other for the rules).
func (m Model) project(environment string) map[string]any {
	measurements := map[string][]evidence.Measurement{}
	facts := map[evidence.ModelFacts]bool{}
	problems := append([]string{}, m.Evidence.Problems...)
	trained := 0
	for _, statement := range m.Evidence.Statements {
		switch {
		case statement.Subject.Digest != m.Release.Digest:
			problems = append(problems, fmt.Sprintf("a statement is about %s", statement.Subject))
		case statement.Provenance != nil:
			trained++
		case statement.Measurements.Environment != environment:
			problems = append(problems, fmt.Sprintf("what gate %s measured is for environment %s",
				statement.Measurements.Gate, statement.Measurements.Environment))
		default:
			measured := statement.Measurements
			measurements[measured.Gate] = append(measurements[measured.Gate], measured.Measurements...)
			facts[measured.Model] = true
		}
	}
	document := map[string]any{
		"name": m.Release.Name, "digest": m.Release.Digest,
		"measurements": measurements, "provenance": trained, "problems": problems,
	}
	if len(facts) == 1 { // statements that disagree about the model leave no fact
		for fact := range facts {
			document["facts"] = fact
		}
	}
	return document
}
