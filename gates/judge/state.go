package judge

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"
)

// state is a value as rules see it: what JSON would make of it, without the way
// there and back, which took a quarter of a review. A list that is nil is empty.
// It knows what a Workload is made of; a test holds it to that.
func state(value reflect.Value) *ast.Term {
	switch value.Kind() {
	case reflect.String:
		return text(value.String())
	case reflect.Bool:
		return ast.InternedTerm(value.Bool())
	case reflect.Slice:
		items := make([]*ast.Term, value.Len())
		for i := range items {
			items[i] = state(value.Index(i))
		}
		return ast.ArrayTerm(items...)
	case reflect.Struct:
		shape := shapeOf(value.Type())
		fields := make(fields, 0, len(shape))
		for i, field := range shape {
			if !field.optional || !value.Field(i).IsZero() {
				fields.add(field.key, state(value.Field(i)))
			}
		}
		return ast.ObjectTerm(fields...)
	}
	panic(fmt.Sprintf("a question holds a %s, which nobody has taught package judge to state", value.Type()))
}

// field is how a struct's field is called in JSON.
type field struct {
	key      *ast.Term
	optional bool // left out when it is zero
}

var shapes sync.Map // of each struct: its fields, in order

func shapeOf(of reflect.Type) []field {
	if known, ok := shapes.Load(of); ok {
		return known.([]field)
	}
	shape := make([]field, of.NumField())
	for i := range shape {
		name, rest, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
		shape[i] = field{ast.StringTerm(name), rest == "omitempty"}
	}
	shapes.Store(of, shape)
	return shape
}

// text is a string as JSON writes it: what is no character becomes one that says
// so.
func text(said string) *ast.Term {
	if !utf8.ValidString(said) {
		said = string([]rune(said))
	}
	return ast.InternedTerm(said)
}
