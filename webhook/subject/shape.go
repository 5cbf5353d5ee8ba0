package subject

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
)

// shape is what may stand at a place of an object, as the Go type of its kind
// has it.
type shape struct {
	takes    reflect.Kind // Invalid for anything
	bits     int          // of a number
	members  map[string]member
	each     *shape       // value of a map, item of a list
	readable reflect.Type // reads itself, whatever it takes
	open     bool         // has members that are not listed, of which nothing is read
}

// member is a field of an object.
type member struct {
	*shape
	optional bool // left out when it says nothing, as Go leaves it out
}

// leavesOut holds for what is not written back when Go writes the field.
func (m member) leavesOut(value node) bool {
	return value.kind == null || m.optional && value.text == "" && len(value.nodes) == 0
}

var (
	anything = &shape{}
	raw      = &shape{} // anything, as it is written
)

var readsItself = reflect.TypeFor[json.Unmarshaler]()

// shapeOf makes the shape of a kind when it is asked for first.
func shapeOf[T any]() func() *shape {
	return sync.OnceValue(func() *shape { return shapes{}.of(reflect.TypeFor[T]()) })
}

// shapes are those of types, each once.
type shapes map[reflect.Type]*shape

func (s shapes) of(what reflect.Type) *shape {
	if what.Kind() == reflect.Pointer {
		return s.of(what.Elem())
	}
	if known := s[what]; known != nil {
		return known
	}
	made := &shape{takes: what.Kind()}
	s[what] = made
	switch {
	case reflect.PointerTo(what).Implements(readsItself):
		made.readable = what
	case made.takes == reflect.Struct:
		made.members = map[string]member{}
		s.fields(what, made.members)
	case made.takes == reflect.Slice && what.Elem().Kind() == reflect.Uint8: // in base64
	case made.takes == reflect.Slice, made.takes == reflect.Map && what.Key().Kind() == reflect.String:
		made.each = s.of(what.Elem())
	case made.takes >= reflect.Int && made.takes <= reflect.Uint64:
		made.bits = what.Bits()
	case made.takes != reflect.String && made.takes != reflect.Bool:
		panic(fmt.Sprintf("nobody has taught package subject to read a %s", what)) // the kinds are constants of the package
	}
	return made
}

// fields adds those of a struct, and of what it embeds.
func (s shapes) fields(of reflect.Type, into map[string]member) {
	for i := range of.NumField() {
		field := of.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Anonymous && name == "" {
			s.fields(field.Type, into)
			continue
		}
		optional := strings.Contains(options, "omitempty")
		switch field.Type.Kind() {
		case reflect.String, reflect.Slice, reflect.Map:
		default:
			optional = false
		}
		into[name] = member{s.of(field.Type), optional}
	}
}

// empty is what Go makes of a null that is an item of a list or a value of a map.
func (s *shape) empty() node {
	switch {
	case s == anything:
		return node{kind: null}
	case s.readable != nil:
		return node{kind: other}
	case s.takes == reflect.String:
		return node{kind: text}
	case s.takes == reflect.Struct, s.takes == reflect.Map:
		return node{kind: object}
	case s.takes == reflect.Slice:
		return node{kind: list}
	}
	return node{kind: other}
}

// accepts says whether a value of that kind can stand there. What a number is
// like, and a null, is another question.
func (s *shape) accepts(found kind) bool {
	switch {
	case s == anything, found == null:
		return true
	case s.takes == reflect.String, s.takes == reflect.Slice && s.each == nil:
		return found == text
	case s.takes == reflect.Struct, s.takes == reflect.Map:
		return found == object
	case s.takes == reflect.Slice:
		return found == list
	}
	return found == other
}
