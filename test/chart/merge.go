package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// differing is a value as a variant has it.
type differing struct {
	condition string
	value     any
}

// merger writes YAML that is one thing or another by conditions. What is the same
// everywhere is written once.
type merger struct{ text strings.Builder }

// when writes what holds under a condition only.
func (m *merger) when(condition string, write func() error) error {
	fmt.Fprintf(&m.text, "{{- if %s }}\n", condition)
	err := write()
	m.text.WriteString("{{- end }}\n")
	return err
}

// unless writes what holds under none of some conditions.
func (m *merger) unless(conditions []string, write func() error) error {
	switch len(conditions) {
	case 0:
		return write()
	case 1:
		return m.when("not "+conditions[0], write)
	}
	return m.when("not (or "+strings.Join(conditions, " ")+")", write)
}

// plain writes a value that is the same everywhere.
func (m *merger) plain(value any, indent string) error {
	text, err := yaml.Marshal(value)
	for line := range strings.Lines(string(text)) {
		m.text.WriteString(indent + line)
	}
	return err
}

// fields writes a mapping, key by key.
func (m *merger) fields(base object, others []differing, indent string) error {
	keys := map[string]bool{}
	for _, one := range append([]differing{{value: base}}, others...) {
		for key := range one.value.(object) {
			keys[key] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if err := m.field(key, base, others, indent); err != nil {
			return err
		}
	}
	return nil
}

// field writes one key, in all its forms.
func (m *merger) field(key string, base object, others []differing, indent string) error {
	value, has := base[key]
	var inside []differing
	var missing []string
	for _, other := range others {
		its, also := other.value.(object)[key]
		switch {
		case has && also:
			inside = append(inside, differing{other.condition, its})
		case has:
			missing = append(missing, other.condition)
		case also:
			added := func() error { return m.plain(object{key: its}, indent) }
			if err := m.when(other.condition, added); err != nil {
				return err
			}
		}
	}
	if !has {
		return nil
	}
	return m.unless(missing, func() error { return m.value(key, value, inside, indent) })
}

// value writes a key whose value may be another under some conditions.
func (m *merger) value(key string, base any, others []differing, indent string) error {
	others = slices.DeleteFunc(others, func(other differing) bool { return reflect.DeepEqual(base, other.value) })
	if len(others) == 0 {
		return m.plain(object{key: base}, indent)
	}
	switch base := base.(type) {
	case object:
		fmt.Fprintf(&m.text, "%s%s:\n", indent, key)
		return m.fields(base, others, indent+"  ")
	case []any:
		fmt.Fprintf(&m.text, "%s%s:\n", indent, key)
		return m.items(base, others, indent)
	}
	return fmt.Errorf("%s is %v, and something else when %s", key, base, others[0].condition)
}

// items writes a list. What a variant adds stands where the variant has it.
func (m *merger) items(base []any, others []differing, indent string) error {
	next := make([]int, len(others)) // item of each variant
	for _, item := range base {
		var inside []differing
		var missing []string
		for i, other := range others {
			list := other.value.([]any)
			at := slices.IndexFunc(list, func(one any) bool { return identity(one) == identity(item) })
			if at < 0 {
				missing = append(missing, other.condition)
				continue
			}
			if err := m.added(list[next[i]:at], other.condition, indent); err != nil {
				return err
			}
			next[i] = at + 1
			inside = append(inside, differing{other.condition, list[at]})
		}
		if err := m.unless(missing, func() error { return m.item(item, inside, indent) }); err != nil {
			return err
		}
	}
	for i, other := range others {
		if err := m.added(other.value.([]any)[next[i]:], other.condition, indent); err != nil {
			return err
		}
	}
	return nil
}

func (m *merger) added(items []any, condition, indent string) error {
	if len(items) == 0 {
		return nil
	}
	return m.when(condition, func() error { return m.plain(items, indent) })
}

// item writes one of a list: in full, or where it differs, as a mapping that
// begins with its name.
func (m *merger) item(item any, others []differing, indent string) error {
	others = slices.DeleteFunc(others, func(other differing) bool { return reflect.DeepEqual(item, other.value) })
	if len(others) == 0 {
		return m.plain([]any{item}, indent)
	}
	name := item.(object)["name"]
	fmt.Fprintf(&m.text, "%s- name: %v\n", indent, name)
	for i, other := range others {
		others[i].value = withoutName(other.value.(object))
	}
	return m.fields(withoutName(item.(object)), others, indent+"  ")
}

func withoutName(item object) object {
	rest := maps.Clone(item)
	delete(rest, "name")
	return rest
}

// identity is what makes an item of a list the same one in another list: the
// kind and the name of an object, the name of a container or a volume, or all of it.
func identity(item any) string {
	named, is := item.(object)
	if is && named["kind"] != nil {
		metadata, _ := named["metadata"].(object)
		return fmt.Sprint(named["kind"], "/", metadata["name"])
	}
	if is && named["name"] != nil {
		return fmt.Sprint(named["name"])
	}
	text, _ := json.Marshal(item)
	return string(text)
}
