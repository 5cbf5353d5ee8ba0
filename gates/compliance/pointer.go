package compliance

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

// Bounds on pointers: what a hostile file may make evidence hold.
const (
	mostPointers   = 64  // in one list
	longestPointer = 500 // bytes of a group; evidence takes no more than 512
)

// pointed is a measurement's name after its gate's.
var pointed = regexp.MustCompile(`^[a-z]+\.[a-z0-9_]+$`)

// pointers states which measurements a list in a file points to, one after the
// other. This gate cannot see what other gates measured: lib.pointed of the
// policies looks a pointer up. Its group is
//
//	<place>|<gate>.<name>|<group>|<min>|<max>
//
// where place is where it stands in the file, such as
// keyMetrics.fairness.results[0]. What cannot be written so is measured with
// the value 0 and its place alone, and points to nothing.
func pointers(name, place string, list []v1alpha1.Pointer) []evidence.Measurement {
	var found []evidence.Measurement
	for i, one := range list {
		at := fmt.Sprintf("%s[%d]", place, i)
		if i == mostPointers {
			return append(found, misplaced(name, at, fmt.Sprintf("more than %d pointers", mostPointers)))
		}
		text, why := pointer(at, one)
		if why != "" {
			found = append(found, misplaced(name, at, why))
			continue
		}
		points := stated(name, true)
		points.Group = text
		found = append(found, points)
	}
	return found
}

func misplaced(name, place, why string) evidence.Measurement {
	return evidence.Measurement{Name: name, Group: place, Value: "0", N: 1, Method: why}
}

// pointer is the text of one pointer, or why there is none.
func pointer(place string, one v1alpha1.Pointer) (text, why string) {
	if !pointed.MatchString(one.Measurement) {
		return "", "not <gate>.<measurement>"
	}
	if !utf8.ValidString(one.Group) || strings.ContainsFunc(one.Group, func(r rune) bool { return r == '|' || unicode.IsControl(r) }) {
		return "", "a group with a bar or a control character"
	}
	low, isLow := limit(one.Min)
	high, isHigh := limit(one.Max)
	if !isLow || !isHigh {
		return "", "a limit that is no number"
	}
	text = strings.Join([]string{place, one.Measurement, one.Group, low, high}, "|")
	if len(text) > longestPointer {
		return "", fmt.Sprintf("longer than %d bytes", longestPointer)
	}
	return text, ""
}

// limit is decimal text, empty where nothing is asked.
func limit(asked *float64) (text string, isNumber bool) {
	if asked == nil {
		return "", true
	}
	text = string(evidence.Number(*asked))
	return text, text != ""
}
