package judge

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// project arranges verified statements for the rules. It decides nothing: a
// statement for another environment becomes a problem, two statements of one
// gate stand side by side (and then contradict each other for the rules).
func (m Model) project(environment string) map[string]any {
	measurements := map[string][]evidence.Measurement{}
	facts := map[evidence.ModelFacts]bool{}
	problems := append([]string{}, m.Evidence.Problems...)
	trained, waivers, origin := 0, []any{}, newOrigin()
	for _, statement := range m.Evidence.Statements {
		switch {
		case statement.Subject.Digest != m.Release.Digest:
			problems = append(problems, fmt.Sprintf("a statement is about %s", statement.Subject))
		case statement.Provenance != nil:
			trained++
			origin.trained(*statement.Provenance)
		case statement.Waiver != nil:
			waivers = append(waivers, waiverOf(statement))
		case statement.Components != nil: // for people: rules read its digest, which the security gate measured
		case statement.Measurements == nil:
			problems = append(problems, fmt.Sprintf("a statement of type %s is no evidence of a model", statement.PredicateType))
		case statement.Measurements.Environment != environment:
			problems = append(problems, fmt.Sprintf("what gate %s measured is for environment %s",
				statement.Measurements.Gate, statement.Measurements.Environment))
		default:
			measured := statement.Measurements
			measurements[measured.Gate] = append(measurements[measured.Gate], measured.Measurements...)
			facts[measured.Model] = true
			origin.measured(*measured)
		}
	}
	document := arrange(measurements)
	document["name"], document["digest"] = m.Release.Name, string(m.Release.Digest)
	document["provenance"], document["problems"], document["waivers"] = trained, problems, waivers
	origin.write(document)
	if len(facts) == 1 { // statements that disagree about the model leave no fact
		for fact := range facts {
			document["facts"] = fact
		}
	}
	return document
}

// waiverOf is what rules see of a waiver: what it says, and who signed it.
func waiverOf(statement evidence.Statement) map[string]any {
	said, by := statement.Waiver, statement.By
	document := map[string]any{
		"rule": said.Rule, "environment": said.Environment, "reason": said.Reason, "control": said.Control, "until": said.Expires,
		"by": map[string]any{"name": by.Name, "email": strings.ToLower(by.Email), "role": by.Role},
	}
	if issued, expires, err := said.Span(); err == nil {
		document["issued"], document["expires"] = seconds(issued), seconds(expires)
	}
	return document
}

// seconds is an instant as rules read it.
func seconds(instant time.Time) string { return strconv.FormatInt(instant.Unix(), 10) }

// arrange gives the measurements of each gate three times over: in one list, in
// lists by name, and alone by name and group. So they are searched once, and not
// once by every rule that reads one.
func arrange(measurements map[string][]evidence.Measurement) map[string]any {
	lists, named, alone := map[string]any{}, map[string]any{}, map[string]any{}
	for gate, measured := range measurements {
		all := make([]*ast.Term, len(measured))
		byName, byGroup := map[string][]*ast.Term{}, map[string]map[string]*ast.Term{}
		for i, m := range measured {
			all[i] = termOf(m)
			byName[m.Name] = append(byName[m.Name], all[i])
			if byGroup[m.Name] == nil {
				byGroup[m.Name] = map[string]*ast.Term{}
			}
			_, contradicted := byGroup[m.Name][m.Group]
			if byGroup[m.Name][m.Group] = all[i]; contradicted {
				byGroup[m.Name][m.Group] = nil
			}
		}
		lists[gate], named[gate], alone[gate] = ast.NewArray(all...), arrays(byName), unique(byGroup)
	}
	return map[string]any{"measurements": lists, "named": named, "one": alone}
}

func arrays(byName map[string][]*ast.Term) ast.Value {
	document := ast.NewObjectWithCapacity(len(byName))
	for name, list := range byName {
		document.Insert(ast.InternedTerm(name), ast.ArrayTerm(list...))
	}
	return document
}

// unique leaves out what was measured twice: two of one name and group contradict
// each other, so then there is none.
func unique(byGroup map[string]map[string]*ast.Term) ast.Value {
	document := ast.NewObjectWithCapacity(len(byGroup))
	for name, groups := range byGroup {
		alone := ast.NewObjectWithCapacity(len(groups))
		for group, term := range groups {
			if term != nil {
				alone.Insert(ast.InternedTerm(group), term)
			}
		}
		document.Insert(ast.InternedTerm(name), ast.NewTerm(alone))
	}
	return document
}

// termOf is a measurement as it was signed, and the numbers that its texts are.
// What cannot be read is no number, and satisfies no rule. An interval is read
// whole or not at all: a number that is not one, or ends in the wrong order,
// leave neither end to decide by.
func termOf(m evidence.Measurement) *ast.Term {
	fields := make(fields, 0, 11)
	fields.add(nameKey, ast.InternedTerm(m.Name))
	fields.add(groupKey, ast.InternedTerm(m.Group))
	fields.add(countKey, ast.InternedTerm(m.N))
	fields.add(valueKey, ast.InternedTerm(string(m.Value)))
	fields.addText(lowKey, string(m.Low))
	fields.addText(highKey, string(m.High))
	fields.addText(unitKey, m.Unit)
	fields.addText(methodKey, m.Method)
	value, isNumber := decimal(m.Value)
	if !isNumber {
		return ast.ObjectTerm(fields...)
	}
	fields.add(numberKey, value)
	low, hasLow := decimal(m.Low)
	high, hasHigh := decimal(m.High)
	if hasLow && hasHigh && ast.Compare(low, high) <= 0 {
		fields.add(fromKey, low)
		fields.add(toKey, high)
	}
	return ast.ObjectTerm(fields...)
}

// The names under which rules see a measurement's fields.
var (
	nameKey   = ast.StringTerm("name")
	groupKey  = ast.StringTerm("group")
	countKey  = ast.StringTerm("n")
	valueKey  = ast.StringTerm("value")
	lowKey    = ast.StringTerm("low")
	highKey   = ast.StringTerm("high")
	unitKey   = ast.StringTerm("unit")
	methodKey = ast.StringTerm("method")
	numberKey = ast.StringTerm("number")
	fromKey   = ast.StringTerm("from")
	toKey     = ast.StringTerm("to")
)

type fields [][2]*ast.Term

func (f *fields) add(key, value *ast.Term) { *f = append(*f, ast.Item(key, value)) }

// addText leaves out what was not told, as JSON does.
func (f *fields) addText(key *ast.Term, text string) {
	if text != "" {
		f.add(key, ast.InternedTerm(text))
	}
}

// decimal reads the text of a number, digit by digit what lib.decimal reads: a
// number that no float64 holds is none.
func decimal(text evidence.Decimal) (*ast.Term, bool) {
	if text == "" || text.Validate() != nil || math.IsNaN(text.Float()) {
		return nil, false
	}
	return ast.NumberTerm(json.Number(text)), true
}
