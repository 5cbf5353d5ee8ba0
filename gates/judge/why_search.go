package judge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/mlops-clinical-trials/assay/evidence"
)

var errTooMuch = errors.New("there is more to try than is tried")

// search asks one rule about one question, and about questions like it.
type search struct {
	before
	ctx                         context.Context
	question                    Question
	satisfied, answer, waivable rego.PreparedEvalQuery
	module                      *ast.Module
	limits                      []float64 // agreed numbers, which are where answers change
	asked                       int
	err                         error // the first; nothing holds from then on
}

const answerOfOne = `{"satisfied": [x | x := %[1]s.satisfied], "inconclusive": [x | x := %[1]s.inconclusive], "message": [x | x := %[1]s.message]}`

// search prepares the rule alone: all the others would say the same each time.
func (p *prepared) search(ctx context.Context, question Question, id string) (*search, error) {
	stated, err := stated(question)
	if err != nil {
		return nil, err
	}
	made := &search{before: stated, ctx: ctx, question: question}
	for into, text := range map[*rego.PreparedEvalQuery]string{
		&made.satisfied: fmt.Sprintf("data.%s.satisfied == true", id),
		&made.answer:    fmt.Sprintf(answerOfOne, "data."+id),
		&made.waivable:  fmt.Sprintf("data.lib.waivable(%q)", id),
	} {
		query, err := rego.New(rego.Query(text), rego.Compiler(p.compiler), rego.Store(p.store), rego.StrictBuiltinErrors(false)).PrepareForEval(ctx)
		if err != nil {
			return nil, err
		}
		*into = query
	}
	for _, module := range p.compiler.Modules {
		if module.Package.Path.String() == "data."+id {
			made.module = module
		}
	}
	profile, err := rego.New(rego.Query("data.thresholds.profiles[input.profile]"), rego.Compiler(p.compiler), rego.Store(p.store)).PrepareForEval(ctx)
	if err != nil {
		return nil, err
	}
	agreed := made.value(profile, made.input, question.Time)
	if whole, _ := agreed.(map[string]any); whole != nil {
		agreed = whole[strings.Split(id, ".")[1]]
	}
	made.limits = numbers(agreed)
	return made, nil
}

// numbers are all that stand somewhere in a document.
func numbers(document any) []float64 {
	var found []float64
	switch document := document.(type) {
	case json.Number:
		if value, err := document.Float64(); err == nil {
			found = append(found, value)
		}
	case map[string]any:
		for _, value := range document {
			found = append(found, numbers(value)...)
		}
	case []any:
		for _, value := range document {
			found = append(found, numbers(value)...)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// value is what a query says of an input; nil when it says nothing.
func (s *search) value(query rego.PreparedEvalQuery, input ast.Value, at time.Time) any {
	if s.err != nil {
		return nil
	}
	if s.asked++; s.asked > maxAsked {
		s.err = errTooMuch
		return nil
	}
	results, err := query.Eval(s.ctx, rego.EvalParsedInput(input), rego.EvalTime(at))
	if err != nil {
		s.err = err
		return nil
	}
	if len(results) != 1 || len(results[0].Expressions) != 1 {
		return nil
	}
	return results[0].Expressions[0].Value
}

func (s *search) holds(query rego.PreparedEvalQuery, input ast.Value) bool {
	return s.value(query, input, s.question.Time) == true
}

// read lists the measurements that the answer hangs on: without one of them it is
// another. Those that the rule's text names come first.
func (s *search) read() []place {
	before := s.said(s.input)
	named := s.literals()
	var first, others []place
	for _, gate := range slices.Sorted(maps.Keys(s.lists)) {
		for i, m := range s.lists[gate] {
			if named[m.Name] {
				first = append(first, place{gate, i})
			} else {
				others = append(others, place{gate, i})
			}
		}
	}
	hangs := func(at place) bool { return s.err == nil && s.said(s.with(at, nil)) != before && s.err == nil }
	found := slices.DeleteFunc(first, func(at place) bool { return !hangs(at) })
	if len(found) == 0 { // names that a rule puts together, or that lib knows
		found = slices.DeleteFunc(others, func(at place) bool { return !hangs(at) })
	}
	return found
}

// said is the rule's whole answer, as text.
func (s *search) said(input ast.Value) string {
	text, err := json.Marshal(s.value(s.answer, input, s.question.Time))
	if err != nil && s.err == nil {
		s.err = err
	}
	return string(text)
}

// literals are the texts that stand in the rule.
func (s *search) literals() map[string]bool {
	found := map[string]bool{}
	ast.WalkTerms(s.module, func(term *ast.Term) bool {
		if text, is := term.Value.(ast.String); is {
			found[string(text)] = true
		}
		return false
	})
	return found
}

// missing are the measurements that the rule names by gate, and of which it can
// read none. Method tells why, as far as that is known.
func (s *search) missing() []Reading {
	found := []Reading{}
	for _, named := range s.calls() {
		m := named.Measurement
		usable, spoken := 0, 0
		for _, other := range s.lists[named.Gate] {
			if other.Name == m.Name {
				spoken++
				m.Method = other.Method
				if !math.IsNaN(other.Value.Float()) {
					usable++
				}
			}
		}
		switch {
		case usable == 1, usable > 1 && spoken == usable && !named.alone:
			continue
		case usable > 1:
			m.Method = "it is there more than once"
		case spoken == 0:
			m.Method = "it is not there"
		}
		found = append(found, Reading{named.Gate, m})
	}
	return found
}

// naming is a measurement as a rule's text names it; alone when there must be one.
type naming struct {
	Reading
	alone bool
}

// calls are the rule's calls of the library that name a gate and a measurement.
func (s *search) calls() []naming {
	var found []naming
	ast.WalkExprs(s.module, func(expression *ast.Expr) bool {
		terms, is := expression.Terms.([]*ast.Term)
		if !is || len(terms) < 3 || !strings.HasPrefix(terms[0].String(), "data.lib.") {
			return false
		}
		gate, isGate := terms[1].Value.(ast.String)
		name, isName := terms[2].Value.(ast.String)
		one := naming{Reading{string(gate), evidence.Measurement{Name: string(name)}}, strings.HasSuffix(terms[0].String(), ".overall")}
		if isGate && isName && !slices.Contains(found, one) {
			found = append(found, one)
		}
		return false
	})
	return found
}
