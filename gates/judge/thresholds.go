package judge

import (
	"fmt"
	"slices"
	"strings"
)

// tighten writes the numbers of `from` over those of `into`. A number whose
// name ends in _max may only become smaller, one in _min only larger; a switch
// may only be set to the stricter side; a list of what is allowed may only lose
// entries and one of what is forbidden or required only gain some; nothing new may appear, since a
// misspelt name would be a limit that nobody reads.
func tighten(into, from map[string]any, path string) error {
	for key, value := range from {
		where := strings.TrimPrefix(path+"."+key, ".")
		old, known := into[key]
		if !known {
			return fmt.Errorf("%s: no such threshold: a repository tightens the shipped ones", where)
		}
		branch, isBranch := value.(map[string]any)
		oldBranch, wasBranch := old.(map[string]any)
		if isBranch != wasBranch {
			return fmt.Errorf("%s: a threshold cannot replace a group of them", where)
		}
		if isBranch {
			if err := tighten(oldBranch, branch, where); err != nil {
				return err
			}
			continue
		}
		if !stricter(key, old, value) {
			return fmt.Errorf("%s: %v would loosen %v", where, value, old)
		}
		into[key] = value
	}
	return nil
}

func stricter(key string, old, value any) bool {
	wasList, isList := old.([]any)
	list, alsoList := value.([]any)
	if isList || alsoList {
		return isList && alsoList && stricterList(key, wasList, list)
	}
	if old == value {
		return true
	}
	was, isNumber := number(old)
	is, alsoNumber := number(value)
	switch {
	case strings.HasSuffix(key, "_max") || strings.HasSuffix(key, "_margin"):
		return isNumber && alsoNumber && is <= was
	case strings.HasSuffix(key, "_min"):
		return isNumber && alsoNumber && is >= was
	case strings.HasSuffix(key, "_required"):
		return value == true
	case key == "on_inconclusive":
		return value == "deny"
	}
	return false
}

// stricterList holds for a list of what is allowed that lost entries, and for one
// of what is forbidden or required that gained some.
func stricterList(key string, old, list []any) bool {
	switch {
	case strings.HasSuffix(key, "_allowed"):
		return within(list, old)
	case strings.HasSuffix(key, "_forbidden"), strings.HasSuffix(key, "_required"):
		return within(old, list)
	}
	return false
}

func within(part, whole []any) bool {
	for _, one := range part {
		if _, isText := one.(string); !isText || !slices.Contains(whole, one) {
			return false
		}
	}
	return true
}

func number(value any) (float64, bool) {
	switch value := value.(type) {
	case int:
		return float64(value), true
	case float64:
		return value, true
	}
	return 0, false
}
