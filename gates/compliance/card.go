package compliance

import (
	"regexp"
	"strings"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// measureCard counts the fields of the card that say nothing, the numbers that
// somebody typed into it, and the pointers that stand for numbers instead. What
// measureUse and measureScope count is left out.
func measureCard(candidate gates.Candidate) []evidence.Measurement {
	spec := candidate.Card.Spec
	fields := leaves(spec)
	rest := leavesBut(fields, append(append([]string{}, useFields...), scopeFields...))
	found := speechless("card_fields_missing", "card_field_missing", rest)
	found = append(found, measureTyped(fields)...)
	references := measureReferences(spec, fields)
	return append(append(found, count("card_pointers", len(references), len(fields))), references...)
}

// speechless counts the fields that say nothing, and names them.
func speechless(total, each string, fields []leaf) []evidence.Measurement {
	var missing []string
	for _, field := range fields {
		if !says(field) {
			missing = append(missing, field.path)
		}
	}
	return listed(total, each, missing, len(fields))
}

// typed is a decimal number or a percentage, in any script's digits. Whole
// numbers stay: they count the items and years that a text must be able to name.
var typed = regexp.MustCompile(`\p{Nd}*[.,·٫]\p{Nd}+|\p{Nd}\s*([%％‰٪]|(?i:per\s?cent|percentage points?)\b)`)

// measureTyped looks for numbers that could differ from what was measured: in
// the key metrics a number is a pointer into evidence.
func measureTyped(fields []leaf) []evidence.Measurement {
	var found []evidence.Measurement
	total, texts := 0, 0
	for _, field := range fields {
		if !strings.HasPrefix(field.path, "keyMetrics.") {
			continue
		}
		texts++
		own, _ := split(field.text)
		numbers := len(typed.FindAllString(own, -1))
		if total += numbers; numbers > 0 {
			one := count("card_number_typed", numbers, 1)
			one.Group = field.path
			found = append(found, one)
		}
	}
	return append([]evidence.Measurement{count("card_numbers_typed", total, texts)}, found...)
}

// measureReferences states every pointer of the card: the results of the key
// metrics, and what stands as ${...} in a text.
func measureReferences(spec v1alpha1.CardSpec, fields []leaf) []evidence.Measurement {
	var found []evidence.Measurement
	for _, field := range fields {
		_, references := split(field.text)
		found = append(found, pointers("card_pointer", field.path, references)...)
	}
	for _, metric := range keyMetrics(spec) {
		found = append(found, pointers("card_pointer", metric.place, metric.Results)...)
	}
	return found
}

// split takes the references out of a text.
func split(text string) (own string, references []v1alpha1.Pointer) {
	own, _ = v1alpha1.Expand(text, func(reference v1alpha1.Pointer) (string, error) {
		references = append(references, reference)
		return " ", nil
	})
	return own, references
}
