package main

import (
	"fmt"
	"regexp"
	"strings"
)

const header = "{{- /* Written by make chart from manifests/system/%s. */}}\n"

// template is the template of one part.
func (s source) template(one part) (string, error) {
	base, err := s.build([]string{one.name}, nil)
	if err != nil {
		return "", err
	}
	withValues(base)
	var others []differing
	for _, how := range one.variants {
		objects, err := s.changed(one, how)
		if err != nil {
			return "", err
		}
		withValues(objects)
		others = append(others, differing{how.condition, objects})
	}
	var merged merger
	fmt.Fprintf(&merged.text, header, one.name)
	err = merged.when(one.condition, func() error { return merged.objects(base, others) })
	return finish(merged.text.String()), err
}

// objects writes one document for each object that there is under any condition.
func (m *merger) objects(base []object, others []differing) error {
	for _, one := range base {
		var inside []differing
		var missing []string
		for _, other := range others {
			if its := find(other.value.([]object), identity(one)); its != nil {
				inside = append(inside, differing{other.condition, its})
			} else {
				missing = append(missing, other.condition)
			}
		}
		err := m.unless(missing, func() error {
			m.text.WriteString("---\n")
			return m.fields(one, inside, "")
		})
		if err != nil {
			return err
		}
	}
	for _, other := range others {
		for _, added := range without(other.value.([]object), base) {
			err := m.when(other.condition, func() error {
				m.text.WriteString("---\n")
				return m.plain(added, "")
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func find(objects []object, wanted string) object {
	for _, one := range objects {
		if identity(one) == wanted {
			return one
		}
	}
	return nil
}

// What stands for a value until the YAML is written (values.go): a value, a key
// that is there only when its value is not empty, more keys, an option of a
// command line, and more of them.
var (
	asValue  = regexp.MustCompile(`'?<value ([\w.]+)>'?`)
	asField  = regexp.MustCompile(`(?m)^( *)<field (\w+) ([\w.]+)>: null$`)
	asKeys   = regexp.MustCompile(`(?m)^( *)<keys ([\w.]+)>: null$`)
	asOption = regexp.MustCompile(`<option (\w+) ([\w.]+)>`)
	asItems  = regexp.MustCompile(`(?m)^( *)- <items ([\w.]+)>$`)
)

// finish turns what stands for values into the language of Helm's templates. JSON
// is YAML, and needs no indentation.
func finish(text string) string {
	text = asValue.ReplaceAllString(text, `{{ toJson .Values.$1 }}`)
	text = asField.ReplaceAllString(text, "{{- with .Values.$3 }}\n$1$2: {{ toJson . }}\n{{- end }}")
	text = asKeys.ReplaceAllString(text, "{{- range $$key, $$value := .Values.$2 }}\n$1{{ toJson $$key }}: {{ toJson $$value }}\n{{- end }}")
	text = asOption.ReplaceAllString(text, `{{ printf "--$1=%s" .Values.$2 | toJson }}`)
	text = asItems.ReplaceAllString(text, "{{- if ne .Release.Namespace \"assay-system\" }}\n$1- --namespace={{ .Release.Namespace }}\n{{- end }}\n"+
		"{{- range .Values.$2 }}\n$1- {{ toJson . }}\n{{- end }}")
	lines := strings.Split(text, "\n")
	for i, line := range lines { // the name of the namespace, but for the comparison with it above
		if !strings.HasPrefix(line, "{{- if ne ") {
			lines[i] = strings.ReplaceAll(line, "assay-system", "{{ .Release.Namespace }}")
		}
	}
	return strings.Join(lines, "\n")
}
