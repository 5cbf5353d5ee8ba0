package judge

import (
	"slices"
	"strconv"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// place is where a measurement stands among those of its gate.
type place struct {
	gate  string
	index int
}

// before is the question as the rules see it, and the measurements that it was
// made of, by gate: so that one of them can be another without all being read anew.
type before struct {
	input ast.Object
	lists map[string][]evidence.Measurement
	terms map[string][]*ast.Term
}

func stated(question Question) (before, error) {
	input, err := question.input()
	if err != nil {
		return before{}, err
	}
	made := before{input.(ast.Object), map[string][]evidence.Measurement{}, map[string][]*ast.Term{}}
	for _, statement := range question.Model.Evidence.Statements {
		measured := statement.Measurements
		if measured == nil || measured.Environment != question.Environment || statement.Subject.Digest != question.Model.Release.Digest {
			continue
		}
		made.lists[measured.Gate] = append(made.lists[measured.Gate], measured.Measurements...)
		for _, m := range measured.Measurements {
			made.terms[measured.Gate] = append(made.terms[measured.Gate], termOf(m))
		}
	}
	return made, nil
}

func (b before) reading(at place) Reading { return Reading{at.gate, b.lists[at.gate][at.index]} }

// with has another measurement of the same name in that place, or none.
func (b before) with(at place, instead *evidence.Measurement) ast.Value {
	terms, name := slices.Clone(b.terms[at.gate]), b.lists[at.gate][at.index].Name
	if instead != nil {
		terms[at.index] = termOf(*instead)
	}
	var whole, same []*ast.Term
	groups := map[string]*ast.Term{}
	for i, m := range b.lists[at.gate] {
		if i == at.index && instead == nil {
			continue
		}
		whole = append(whole, terms[i])
		if m.Name != name {
			continue
		}
		same = append(same, terms[i])
		_, contradicted := groups[m.Group]
		if groups[m.Group] = terms[i]; contradicted {
			groups[m.Group] = nil
		}
	}
	changed := put(b.input, ast.ArrayTerm(whole...), "model", "measurements", at.gate)
	if len(same) == 0 {
		return put(put(changed, nil, "model", "named", at.gate, name), nil, "model", "one", at.gate, name)
	}
	changed = put(changed, ast.ArrayTerm(same...), "model", "named", at.gate, name)
	alone := unique(map[string]map[string]*ast.Term{name: groups}).(ast.Object).Get(ast.StringTerm(name))
	return put(changed, alone, "model", "one", at.gate, name)
}

// at is the question at another time.
func (b before) at(time time.Time) ast.Value {
	return put(b.input, ast.StringTerm(strconv.FormatInt(time.Unix(), 10)), "time")
}

// put is an object with another value at the end of a path, or with none.
func put(object ast.Object, value *ast.Term, path ...string) ast.Object {
	key := ast.StringTerm(path[0])
	if len(path) > 1 {
		value = ast.NewTerm(put(object.Get(key).Value.(ast.Object), value, path[1:]...))
	}
	changed := ast.NewObjectWithCapacity(object.Len())
	object.Foreach(func(other, kept *ast.Term) {
		if ast.Compare(other, key) != 0 {
			changed.Insert(other, kept)
		}
	})
	if value != nil {
		changed.Insert(key, value)
	}
	return changed
}
