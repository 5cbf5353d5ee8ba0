package modelfile

// shape is what a value on the stack of a pickle is, as far as it matters.
type shape uint8

const (
	opaque shape = iota // anything else, and what only running the pickle would tell
	text
	number
	tuple
	dict
	global // what an import gave
	object // what a call gave
)

// value stands for an object that the unpickler would hold. Only what can name
// an import, or the size of an array that joblib writes between opcodes, is
// kept; the rest is anything.
type value struct {
	shape  shape
	text   string   // of text; module.name of a global
	number int64    // of a number
	items  []*value // of a tuple; keys and values of a dict; arguments of an object
	maker  *value   // what was called to make an object
	state  *value   // what BUILD gave to an object
}

var anything = &value{}

// get is what a dict has under a key; anything where it has nothing.
func (v *value) get(key string) *value {
	found := anything
	if v.shape != dict {
		return found
	}
	for at := 0; at+1 < len(v.items); at += 2 {
		if v.items[at].shape == text && v.items[at].text == key {
			found = v.items[at+1] // the last one counts
		}
	}
	return found
}

func (v *value) item(at int) *value {
	if at < len(v.items) {
		return v.items[at]
	}
	return anything
}

// is holds for a global of that name.
func (v *value) is(name string) bool { return v.shape == global && v.text == name }

// madeBy holds for what a call of that name gave.
func (v *value) madeBy(name string) bool {
	return v.shape == object && v.maker != nil && v.maker.is(name)
}

// called tells what is called when the value is.
func (v *value) called() string {
	switch {
	case v.shape == global:
		return v.text
	case v.shape == object && v.maker != nil && v.maker.shape == global:
		return "what " + v.maker.text + " gave"
	}
	return "something that only running it would tell"
}
