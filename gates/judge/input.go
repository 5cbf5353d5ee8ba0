package judge

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"

	"github.com/open-policy-agent/opa/v1/ast"
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
		document["workload"] = state(reflect.ValueOf(*q.Workload)).Value
	}
	return ast.InterfaceToValue(document)
}
