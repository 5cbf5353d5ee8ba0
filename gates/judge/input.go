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

var environmentKey, profileKey, timeKey, workloadKey = ast.StringTerm("environment"), ast.StringTerm("profile"), ast.StringTerm("time"), ast.StringTerm("workload")

// input is what the rules see. A workload is asked about at every review, and is
// stated without the way through JSON.
func (q Question) input() (ast.Value, error) {
	now := strconv.FormatInt(q.Time.Unix(), 10)
	if q.Workload != nil {
		return ast.NewObject(
			ast.Item(environmentKey, text(q.Environment)), ast.Item(profileKey, text(q.Profile)), ast.Item(timeKey, text(now)),
			ast.Item(workloadKey, state(reflect.ValueOf(q.Workload).Elem())),
		), nil
	}
	document := map[string]any{"environment": q.Environment, "profile": q.Profile, "time": now}
	switch {
	case q.Change != nil:
		document["change"] = q.Change
	case q.Model != nil:
		document["model"] = q.Model.project(q.Environment)
	}
	return ast.InterfaceToValue(document)
}
