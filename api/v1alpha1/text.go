package v1alpha1

import (
	"fmt"
	"reflect"
	"strings"
)

// Text is one text of a card, by the name under which it stands in card.yaml.
type Text struct {
	Path     string // such as uses.intendedUse, or keyMetrics.fairness.results[0].label
	Value    *string
	Optional bool // whether it may be left out
}

// Texts lists the texts of a card that people read, in the order of its
// definition. What names a measurement is not one of them.
func (c *CardSpec) Texts() []Text { return textsIn("", reflect.ValueOf(c).Elem(), false) }

func textsIn(path string, value reflect.Value, optional bool) []Text {
	switch it := value.Addr().Interface().(type) {
	case *string:
		return []Text{{path, it, optional}}
	case *Pointer:
		return []Text{{path + ".label", &it.Label, optional}}
	}
	var found []Text
	if value.Kind() == reflect.Slice {
		for i := range value.Len() {
			found = append(found, textsIn(fmt.Sprintf("%s[%d]", path, i), value.Index(i), false)...)
		}
		return found
	}
	for i := range value.NumField() {
		name, options, _ := strings.Cut(value.Type().Field(i).Tag.Get("yaml"), ",")
		name = strings.TrimPrefix(path+"."+name, ".")
		found = append(found, textsIn(name, value.Field(i), strings.Contains(options, "omitempty"))...)
	}
	return found
}

// Fill is the card with every reference of its texts replaced by what told
// makes of it; told hears where the reference stands. The card itself stays.
func (c CardSpec) Fill(told func(path string, reference Pointer) (string, error)) (CardSpec, error) {
	c.Keywords = append([]string(nil), c.Keywords...)
	for _, metric := range []*KeyMetric{&c.KeyMetrics.Usefulness, &c.KeyMetrics.Fairness, &c.KeyMetrics.Safety} {
		metric.Results = append([]Pointer(nil), metric.Results...)
	}
	for _, text := range c.Texts() {
		filled, err := Expand(*text.Value, func(reference Pointer) (string, error) { return told(text.Path, reference) })
		if err != nil {
			return CardSpec{}, err
		}
		*text.Value = filled
	}
	return c, nil
}
