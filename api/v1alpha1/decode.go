package v1alpha1

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

const (
	maxFile  = 1 << 20 // bytes
	maxNodes = 50_000  // after aliases are followed: the bound against a YAML bomb
)

// Object is anything that Decode can read.
type Object interface {
	header() Header
	kind() string
	validate() []problem
}

func (h Header) header() Header { return h }

func (*Platform) kind() string    { return "Platform" }
func (*Model) kind() string       { return "Model" }
func (*ModelCard) kind() string   { return "ModelCard" }
func (*Dataset) kind() string     { return "Dataset" }
func (*Environment) kind() string { return "Environment" }
func (*Promotion) kind() string   { return "Promotion" }
func (*Cluster) kind() string     { return "Cluster" }
func (*Governance) kind() string  { return "Governance" }
func (*Quarantine) kind() string  { return "Quarantine" }
func (*Freeze) kind() string      { return "Freeze" }

// Decode reads one object from the content of the named file into it. Every
// mistake that is found is in the error, a line each: FILE:LINE: FIELD: what is
// wrong.
func Decode(file string, content []byte, into Object) error {
	if len(content) > maxFile {
		return fmt.Errorf("%s: larger than %d bytes", file, maxFile)
	}
	var document yaml.Node
	if err := decodeOne(content, &document); err != nil {
		return fmt.Errorf("%s:%w", file, located(err, content))
	}
	if count(&document, 0) > maxNodes {
		return fmt.Errorf("%s: more than %d values: aliases multiply them", file, maxNodes)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("%s:%w", file, located(err, content))
	}
	var wrong []string
	for _, problem := range append(headerProblems(into), into.validate()...) {
		line := lineOf(&document, strings.Split(problem.field, "."))
		wrong = append(wrong, fmt.Sprintf("%s:%d: %s: %s", file, line, problem.field, problem.text))
	}
	if len(wrong) > 0 {
		return errors.New(strings.Join(wrong, "\n"))
	}
	return nil
}

func decodeOne(content []byte, document *yaml.Node) error {
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	if err := decoder.Decode(document); err != nil {
		if errors.Is(err, io.EOF) {
			return errors.New("the file is empty")
		}
		return err
	}
	var second yaml.Node
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		return fmt.Errorf("line %d: a second document: one file holds one object", max(second.Line, 1))
	}
	return nil
}

// count is how many values the document holds when aliases are followed,
// stopped above the bound.
func count(node *yaml.Node, sum int) int {
	sum++
	if sum > maxNodes {
		return sum
	}
	if node.Kind == yaml.AliasNode {
		return count(node.Alias, sum)
	}
	for _, child := range node.Content {
		if sum = count(child, sum); sum > maxNodes {
			return sum
		}
	}
	return sum
}

var (
	yamlLine     = regexp.MustCompile(`^(?:yaml: )?(?:unmarshal errors:\s*)?line (\d+): `)
	unknownField = regexp.MustCompile(`field (\S+) not found in type \S+`)
	repeated     = regexp.MustCompile(`mapping key "([^"]+)" already defined at line (\d+)`)
	wrongType    = regexp.MustCompile("cannot unmarshal !!\\w+(?: `([^`]*)`)? into (\\S+)")
)

// located turns a YAML library's error into "LINE: what is wrong", for the
// reader of the file rather than of the library.
func located(err error, content []byte) error {
	var lines []string
	details := strings.Split(strings.TrimPrefix(err.Error(), "yaml: unmarshal errors:\n"), "\n")
	for _, detail := range details {
		detail = strings.TrimSpace(detail)
		number := "1"
		if match := yamlLine.FindStringSubmatch(detail); match != nil {
			number, detail = match[1], detail[len(match[0]):]
		}
		detail = unknownField.ReplaceAllString(detail, `unknown field "$1"`)
		detail = strings.Replace(detail, `"approvals"`, `"approvals": people approve by signed tags, see assay approve`, 1)
		detail = repeated.ReplaceAllString(detail, `field "$1" stands here again, first at line $2`)
		if wrongType.MatchString(detail) {
			detail = fieldAt(content, number) + wrongType.ReplaceAllStringFunc(detail, inWords)
		}
		lines = append(lines, number+": "+strings.TrimPrefix(detail, "yaml: "))
	}
	return errors.New(strings.Join(lines, "; "))
}

var fieldOfLine = regexp.MustCompile(`^[\s-]*([A-Za-z]+):`)

// fieldAt is the field that a line begins with, as a beginning of a message;
// empty when the line begins otherwise.
func fieldAt(content []byte, number string) string {
	line, err := strconv.Atoi(number)
	lines := bytes.Split(content, []byte("\n"))
	if err != nil || line < 1 || line > len(lines) {
		return ""
	}
	match := fieldOfLine.FindSubmatch(lines[line-1])
	if match == nil {
		return ""
	}
	return string(match[1]) + ": "
}

// inWords says what was found and what belongs there, without Go's names.
func inWords(text string) string {
	match := wrongType.FindStringSubmatch(text)
	wanted := "a mapping of fields"
	switch kind := match[2]; {
	case strings.HasPrefix(kind, "[]"):
		wanted = "a list"
	case strings.HasPrefix(kind, "float"):
		wanted = "a number"
	case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "uint"):
		wanted = "a whole number"
	case kind == "string", kind == "v1alpha1.Task":
		wanted = "text"
	case kind == "bool":
		wanted = "true or false"
	case kind == "time.Duration":
		wanted = "a duration such as 72h"
	}
	if match[1] == "" {
		return "this is not " + wanted
	}
	return fmt.Sprintf("%q is not %s", match[1], wanted)
}

// Line is where a field stands in the content of a file, or the nearest field
// above it that does; 0 where the content is no YAML.
func Line(content []byte, path string) int {
	var document yaml.Node
	if len(content) > maxFile || decodeOne(content, &document) != nil {
		return 0
	}
	node, line := document.Content[0], 1
	for name := range strings.SplitSeq(path, ".") {
		key, value := member(node, name)
		if key == nil {
			break
		}
		node, line = value, key.Line
	}
	return line
}

// lineOf finds where a field stands, or the nearest field above it that does.
func lineOf(document *yaml.Node, path []string) int {
	node, line := document, max(document.Line, 1)
	if node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		node = node.Content[0]
	}
	for _, name := range path {
		index := -1
		if bracket := strings.IndexByte(name, '['); bracket >= 0 {
			if _, err := fmt.Sscanf(name[bracket:], "[%d]", &index); err != nil {
				return line
			}
			name = name[:bracket]
		}
		child := field(node, name)
		if child == nil {
			return line
		}
		node, line = child, child.Line
		if index >= 0 && index < len(node.Content) {
			node, line = node.Content[index], node.Content[index].Line
		}
	}
	return line
}

func field(node *yaml.Node, name string) *yaml.Node {
	_, value := member(node, name)
	return value
}

// member finds a field of a mapping, and its name.
func member(node *yaml.Node, name string) (key, value *yaml.Node) {
	if node.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == name {
			return node.Content[i], node.Content[i+1]
		}
	}
	return nil, nil
}

// NameOf is the name in an object's metadata.
func NameOf(object Object) string { return object.header().Metadata.Name }
