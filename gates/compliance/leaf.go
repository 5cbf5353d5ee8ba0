package compliance

import (
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
)

// leaf is one text of a card. An optional one may be empty.
type leaf struct {
	path, text string
	optional   bool
}

// evaluations may be left out of a CHAI card, but not of the source attributes
// of 45 CFR 170.315(b)(11)(iv)(B)(7).
const evaluations = "resources.evaluations"

// leaves lists the texts of a card, by the names that people write in card.yaml.
// A key metric without results has a text that says nothing in their place.
func leaves(card v1alpha1.CardSpec) []leaf {
	var found []leaf
	for _, text := range card.Texts() {
		found = append(found, leaf{text.Path, strings.TrimSpace(*text.Value), text.Optional && text.Path != evaluations})
	}
	for _, metric := range keyMetrics(card) {
		if len(metric.Results) == 0 {
			found = append(found, leaf{path: metric.place})
		}
	}
	return found
}

type placedMetric struct {
	place string // of its results
	v1alpha1.KeyMetric
}

func keyMetrics(card v1alpha1.CardSpec) []placedMetric {
	return []placedMetric{
		{"keyMetrics.usefulness.results", card.KeyMetrics.Usefulness},
		{"keyMetrics.fairness.results", card.KeyMetrics.Fairness},
		{"keyMetrics.safety.results", card.KeyMetrics.Safety},
	}
}

// leavesAt are the leaves by these paths, and leavesBut the others.
func leavesAt(fields []leaf, paths []string) []leaf {
	return slices.DeleteFunc(slices.Clone(fields), func(field leaf) bool { return !slices.Contains(paths, field.path) })
}

func leavesBut(fields []leaf, paths []string) []leaf {
	return slices.DeleteFunc(slices.Clone(fields), func(field leaf) bool { return slices.Contains(paths, field.path) })
}
