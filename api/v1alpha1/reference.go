package v1alpha1

import "strings"

// Expand replaces every ${<gate>.<measurement>} and ${<gate>.<measurement>
// <group>} of a text by what told makes of the pointer that it is. A reference
// that is not closed is handed over as a pointer to nothing.
func Expand(text string, told func(Pointer) (string, error)) (string, error) {
	var expanded strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		expanded.WriteString(before)
		if !found {
			return expanded.String(), nil
		}
		inside, after, closed := strings.Cut(rest, "}")
		var pointer Pointer
		if closed {
			pointer.Measurement, pointer.Group, _ = strings.Cut(strings.Join(strings.Fields(inside), " "), " ")
		}
		value, err := told(pointer)
		if err != nil {
			return "", err
		}
		expanded.WriteString(value)
		text = after
	}
}
