package subject

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Bounds of an object beside its size. Nobody's object is a tenth as deep or has
// a tenth as many values; and what is deeper has longer paths than maxPath.
const (
	maxDepth  = maxPath / 2
	maxValues = 1 << 17
)

// bytesOfValue is how long a value and its name are, roughly: most pods have room
// for all of theirs at once.
const bytesOfValue = 32

// reading reads an object once, from its first byte to its last, and holds every
// value against the shape of its place. What the API server's own decoder refuses
// when it is strict, which took half of a review, is refused here.
type reading struct {
	scanner
	depth, values int
	open          []node // members and items of what is not closed yet
	kept          []node // those of what is closed
}

// readObject reads an object of a shape in one way or not at all.
func readObject(raw []byte, as *shape) (node, error) {
	if err := readable(raw); err != nil {
		return node{}, err
	}
	r := reading{scanner: scanner{text: string(raw)}, open: make([]node, 0, 64)}
	root, err := r.value(as)
	if err == nil {
		err = r.end()
	}
	if err != nil {
		return node{}, fmt.Errorf("reading the object: %w", err)
	}
	return root, nil
}

// value reads what comes next.
func (r *reading) value(as *shape) (node, error) {
	if r.values++; r.values > maxValues {
		return node{}, fmt.Errorf("more than %d values", maxValues)
	}
	switch {
	case as == raw:
		return r.untouched()
	case as.readable != nil:
		return r.itself(as)
	}
	first := r.peek()
	switch found := kindOf(first); {
	case found == absent:
		return node{}, r.unexpected()
	case !as.accepts(found):
		return node{}, &fault{told: "field %q is another kind of value"}
	}
	switch first {
	case '{':
		return r.object(as)
	case '[':
		return r.list(as)
	case '"':
		return r.said(as)
	case 'n':
		return node{kind: null, text: "null"}, r.word("null")
	case 't':
		return r.truth(as, "true")
	case 'f':
		return r.truth(as, "false")
	}
	written, err := r.number()
	if err == nil && !as.holds(written) {
		err = &fault{told: "field %q is a number that does not fit"}
	}
	return node{kind: other, text: written}, err
}

// kindOf tells a value by its first byte; absent when none begins so.
func kindOf(first byte) kind {
	switch first {
	case '{':
		return object
	case '[':
		return list
	case '"':
		return text
	case 'n':
		return null
	case 't', 'f', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return other
	}
	return absent
}

func (r *reading) object(as *shape) (node, error) {
	r.at++
	base, err := r.enter()
	for first := true; err == nil; first = false {
		more, wrong := r.more('}', first)
		if err = wrong; err != nil || !more {
			break
		}
		err = r.member(as)
	}
	if err != nil {
		return node{}, err
	}
	members := r.open[base:]
	slices.SortFunc(members, compare)
	for i := 1; i < len(members); i++ {
		if members[i].key == members[i-1].key {
			return node{}, &fault{told: "duplicate field %q", steps: []string{"." + members[i].key}}
		}
	}
	left := slices.DeleteFunc(members, func(n node) bool { return n.kind == absent })
	r.open = r.open[:base+len(left)]
	return node{kind: object, nodes: r.leave(base)}, nil
}

// member reads a name and its value. What Go would leave out is absent.
func (r *reading) member(as *shape) error {
	key, err := r.quoted()
	if err != nil {
		return err
	}
	of, known := member{shape: anything}, true
	switch as.takes {
	case reflect.Struct:
		of, known = as.members[key]
	case reflect.Map:
		of.shape = as.each
	}
	if !known && as.open {
		of.shape = raw
	} else if !known {
		return &fault{told: "unknown field %q", steps: []string{"." + key}}
	}
	if err := r.eat(':'); err != nil {
		return err
	}
	value, err := r.value(of.shape)
	if err != nil {
		return within(err, "."+key)
	}
	switch {
	case as.takes == reflect.Struct && of.leavesOut(value):
		value.kind = absent
	case value.kind == null:
		value = of.empty()
	}
	value.key = key
	r.open = append(r.open, value)
	return nil
}

func (r *reading) list(as *shape) (node, error) {
	r.at++
	items := anything
	if as.each != nil {
		items = as.each
	}
	base, err := r.enter()
	for first := true; err == nil; first = false {
		more, wrong := r.more(']', first)
		if err = wrong; err != nil || !more {
			break
		}
		err = r.item(items, len(r.open)-base)
	}
	if err != nil {
		return node{}, err
	}
	return node{kind: list, nodes: r.leave(base)}, nil
}

func (r *reading) item(as *shape, i int) error {
	value, err := r.value(as)
	if err != nil {
		return within(err, "["+strconv.Itoa(i)+"]")
	}
	if value.kind == null {
		value = as.empty()
	}
	r.open = append(r.open, value)
	return nil
}

// said reads a text, or bytes that are written as one.
func (r *reading) said(as *shape) (node, error) {
	said, err := r.quoted()
	if err == nil && as.takes == reflect.Slice {
		var content []byte
		content, err = base64.StdEncoding.DecodeString(said)
		said = string(content)
	}
	return node{kind: text, text: said}, err
}

func (r *reading) truth(as *shape, word string) (node, error) {
	if as != anything && as.takes != reflect.Bool {
		return node{}, &fault{told: "field %q is another kind of value"}
	}
	return node{kind: other, text: word}, r.word(word)
}

// itself reads a value whose type says how it is read: a quantity, a time, a port.
// Of what is no text nothing is kept.
func (r *reading) itself(as *shape) (node, error) {
	found, err := r.untouched()
	if err != nil {
		return node{}, err
	}
	into := reflect.New(as.readable).Interface().(json.Unmarshaler)
	if err := into.UnmarshalJSON([]byte(found.text)); err != nil {
		return node{}, err
	}
	if found.kind = kindOf(found.text[0]); found.kind == text {
		found.text, err = unescaped(found.text)
	}
	return found, err
}

// untouched is a value as it is written.
func (r *reading) untouched() (node, error) {
	first := kindOf(r.peek())
	start := r.at
	if err := r.skip(r.depth); err != nil {
		return node{}, err
	}
	written := node{kind: other, text: r.text[start:r.at]}
	if first == null {
		written.kind = null
	}
	return written, nil
}

// holds says whether a number is one of those that may stand there.
func (s *shape) holds(written string) bool {
	var err error
	switch {
	case s == anything:
		_, err = strconv.ParseFloat(written, 64)
	case s.takes == reflect.Bool:
		return false
	case s.takes <= reflect.Int64:
		_, err = strconv.ParseInt(written, 10, s.bits)
	default:
		_, err = strconv.ParseUint(written, 10, s.bits)
	}
	return err == nil
}

// enter begins an object or a list.
func (r *reading) enter() (base int, err error) {
	if r.depth++; r.depth > maxDepth {
		return 0, errTooDeep
	}
	return len(r.open), nil
}

// leave closes an object or a list, and keeps what it holds.
func (r *reading) leave(base int) []node {
	r.depth--
	held := r.open[base:]
	r.open = r.open[:base]
	if len(held) == 0 {
		return nil
	}
	if cap(r.kept)-len(r.kept) < len(held) {
		r.kept = make([]node, 0, max(16, len(held), (len(r.text)-r.at)/bytesOfValue))
	}
	start := len(r.kept)
	r.kept = append(r.kept, held...)
	return r.kept[start:len(r.kept):len(r.kept)]
}

// fault is what is wrong with a field.
type fault struct {
	told  string   // with one place for the path
	steps []string // of the path, the last one first
}

func (f *fault) Error() string {
	slices.Reverse(f.steps)
	path := strings.TrimPrefix(strings.Join(f.steps, ""), ".")
	slices.Reverse(f.steps)
	return fmt.Sprintf(f.told, Clip(path, maxReference))
}

// within adds to an error where it happened.
func within(err error, step string) error {
	if wrong, is := err.(*fault); is {
		wrong.steps = append(wrong.steps, step)
	}
	return err
}
