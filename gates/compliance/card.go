package compliance

import (
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
)

// measureCard counts the leaf fields of the card that say nothing.
func measureCard(card v1alpha1.ModelCard) []evidence.Measurement {
	fields := leaves("", reflect.ValueOf(card.Spec))
	var missing []evidence.Measurement
	for _, field := range fields {
		if !says(field) {
			one := count("card_field_missing", 1, 1)
			one.Group = field.path
			missing = append(missing, one)
		}
	}
	return append([]evidence.Measurement{count("card_fields_missing", len(missing), len(fields))}, missing...)
}

type leaf struct{ path, text string }

// leaves lists the text fields of a card in the order of its definition, by
// the names that people write in card.yaml.
func leaves(path string, value reflect.Value) []leaf {
	var found []leaf
	for i := range value.NumField() {
		name, _, _ := strings.Cut(value.Type().Field(i).Tag.Get("yaml"), ",")
		name = strings.TrimPrefix(path+"."+name, ".")
		if field := value.Field(i); field.Kind() == reflect.Struct {
			found = append(found, leaves(name, field)...)
		} else {
			found = append(found, leaf{name, strings.TrimSpace(field.String())})
		}
	}
	return found
}

// placeholder is what people write to get past a form.
var placeholder = regexp.MustCompile(`(?i)^\W*(tbd|tba|todo|fixme|n/?a|none|null|nil|unknown|xxx+|\?+|-+|\.+|test|lorem ipsum.*|to be (done|determined|defined|announced).*|placeholder.*|fill (me|this) in.*)\W*$`)

// Fields that are answered by a word; all others need a sentence.
var words = map[string][]string{
	"uses.decisionRole":          {"informs", "augments", "replaces"},
	"warnings.clinicalRiskLevel": {"low", "moderate", "high"},
	"releaseInfo.stage":          nil,
	"releaseInfo.version":        nil,
	"basicInfo.developer":        nil,
	"basicInfo.contact":          nil,
	"trust.modelType":            nil,
}

// A sentence that tells a clinician anything is longer than this.
const shortestSentence = 15 // characters

func says(field leaf) bool {
	if field.text == "" || placeholder.MatchString(field.text) {
		return false
	}
	allowed, isWord := words[field.path]
	if !isWord {
		return len([]rune(field.text)) >= shortestSentence
	}
	return allowed == nil || slices.Contains(allowed, field.text)
}
