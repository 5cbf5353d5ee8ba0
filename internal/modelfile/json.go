package modelfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxNesting is how deep JSON may be nested; encoding/json ends at 10,000.
const maxNesting = 200

// lookJSON knows a JSON object or array, and what in it names code.
func lookJSON(i *inspector, s source, at place) (sight, bool) {
	head := bytes.TrimLeft(s.at(0, 64), " \t\r\n")
	if len(head) == 0 || head[0] != '{' && head[0] != '[' {
		return sight{}, false
	}
	content, ok := i.read(s, 0, s.size)
	if !ok {
		i.find(at, Unread, "JSON that is longer than is looked into", 0)
		return seen(JSON), true
	}
	document, err := parseJSON(content, i.step)
	switch {
	case errors.Is(err, errDeep):
		i.find(at, Unread, err.Error(), 0)
	case err != nil:
		return sight{}, false
	}
	for _, key := range document.twice {
		i.find(at, Malformed, "the key "+shorten(key)+" stands twice in one object", 0)
	}
	code := i.config(document, at)
	if isXGBoost(document) {
		return sight{XGBoost, code}, true
	}
	return sight{JSON, code}, true
}

// isXGBoost knows what xgboost.Booster.save_model writes
// (https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html).
func isXGBoost(document outline) bool {
	return document.top["learner"] && document.top["version"]
}

// outline is what matters of a JSON document: the keys of its top, the keys that
// stand twice, and every object that names a class or Python code.
type outline struct {
	top   map[string]bool
	twice []string
	named []map[string]string
}

// naming are the keys whose text says what to import or to make.
var naming = []string{"class_name", "module", "registered_name", "function_type", "config"}

var errDeep = errors.New("JSON that is deeper or longer than is looked into")

// reading is an object or an array whose end has not come yet.
type reading struct {
	array bool
	keyed bool   // a value comes next
	key   string // whose value it is
	keys  map[string]bool
	names map[string]string
}

// parseJSON reads token by token, so that neither depth nor width costs more
// than the document itself.
func parseJSON(content []byte, step func() bool) (outline, error) {
	found := outline{top: map[string]bool{}}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	var open []*reading
	for done := false; ; done = len(open) == 0 {
		token, err := decoder.Token()
		switch {
		case errors.Is(err, io.EOF) && done:
			return found, nil
		case err != nil:
			return found, err
		case done:
			return found, errors.New("something follows the JSON")
		case len(open) > maxNesting || !step():
			return found, errDeep
		}
		open = found.take(open, token)
	}
}

// take adds one token to the objects and arrays that are open.
func (o *outline) take(open []*reading, token json.Token) []*reading {
	delimiter, isDelimiter := token.(json.Delim)
	if isDelimiter && (delimiter == '}' || delimiter == ']') {
		if last := open[len(open)-1]; len(last.names) > 0 {
			o.named = append(o.named, last.names)
		}
		return open[:len(open)-1]
	}
	if len(open) > 0 {
		inner := open[len(open)-1]
		if key, is := token.(string); is && !inner.array && !inner.keyed {
			o.key(inner, key, len(open) == 1)
			return open
		}
		inner.value(token)
	}
	if isDelimiter {
		return append(open, &reading{array: delimiter == '['})
	}
	return open
}

func (o *outline) key(inner *reading, key string, top bool) {
	if inner.keys[key] && len(o.twice) < maxFindings {
		o.twice = append(o.twice, key)
	}
	if inner.keys == nil {
		inner.keys, inner.names = map[string]bool{}, map[string]string{}
	}
	inner.keys[key], inner.key, inner.keyed = true, key, true
	if top {
		o.top[key] = true
	}
	if key == "auto_map" {
		inner.names[key] = key
	}
}

func (r *reading) value(token json.Token) {
	r.keyed = false
	if said, is := token.(string); is && !r.array && slices.Contains(naming, r.key) {
		r.names[r.key] = said
	}
}

// lookText knows UTF-8 without control characters.
func lookText(i *inspector, s source, at place) (sight, bool) {
	head := bytes.TrimRightFunc(s.at(0, 1024), func(r rune) bool { return r == utf8.RuneError }) // a cut letter
	if !plain(head) {
		return sight{}, false
	}
	content, ok := i.read(s, 0, s.size)
	if !ok {
		i.find(at, Unread, "text that is longer than is looked into", 0)
		return seen(Text), true
	}
	return seen(Text), plain(content)
}

func plain(content []byte) bool { return utf8.Valid(content) && !bytes.ContainsFunc(content, control) }

func control(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\n\r\f", r) }
