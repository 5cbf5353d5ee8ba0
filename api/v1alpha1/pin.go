package v1alpha1

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Pin writes a release into the text of a promotion, and leaves everything else
// as people wrote it, comments too. A text in which that cannot be done line by
// line is refused.
func Pin(file string, content []byte, release string) ([]byte, error) {
	var before, after Promotion
	if err := Decode(file, content, &before); err != nil {
		return nil, err
	}
	var document yaml.Node
	if err := yaml.Unmarshal(content, &document); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	lines := bytes.Split(content, []byte("\n"))
	spec := field(document.Content[0], "spec")
	if old := field(spec, "release"); old != nil {
		replaceLine(lines, old, release)
	} else {
		model := field(spec, "model")
		indent := bytes.IndexByte(lines[model.Line-1], 'm')
		line := strings.Repeat(" ", max(indent, 0)) + "release: " + release
		lines = slices.Insert(lines, model.Line, []byte(line))
	}
	pinned := bytes.Join(lines, []byte("\n"))
	before.Spec.Release = release
	if err := Decode(file, pinned, &after); err != nil || !reflect.DeepEqual(before, after) {
		return nil, fmt.Errorf("%s: spec.release: cannot be written into this text\nhint: give every field of spec a line of its own", file)
	}
	return pinned, nil
}

// replaceLine puts a value where another stands, before what follows it on the
// line.
func replaceLine(lines [][]byte, old *yaml.Node, value string) {
	line := lines[old.Line-1]
	before, rest := line[:old.Column-1], line[old.Column-1:]
	quotes := 0
	if old.Style == yaml.DoubleQuotedStyle || old.Style == yaml.SingleQuotedStyle {
		quotes = 2
	}
	rest = rest[min(len(old.Value)+quotes, len(rest)):]
	lines[old.Line-1] = slices.Concat(before, []byte(value), rest)
}
