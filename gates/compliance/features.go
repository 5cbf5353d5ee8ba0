package compliance

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// measureFeatures compares the inputs of the model with the reasons that are on
// record for them (45 CFR 164.502(b), minimum necessary; GDPR 5(1)(c)). Each
// input has one reason; two leave open which of them holds. A reason for what the
// model does not use may be that of an input of an earlier release, which serves
// still. An input that the contract of the data does not name was agreed by nobody.
func measureFeatures(candidate gates.Candidate) []evidence.Measurement {
	used := candidate.Model.Spec.Features
	reasons, repeated := map[string]string{}, []string{}
	for _, feature := range candidate.Governance.Spec.Features {
		_, again := reasons[feature.Name]
		if reasons[feature.Name] = feature.Reason; again {
			repeated = append(repeated, feature.Name)
		}
	}
	var unjustified, undeclared []string
	for _, name := range used {
		if !explains(reasons[name]) {
			unjustified = append(unjustified, name)
		}
		if !declares(candidate.Dataset.Spec.Columns, name) {
			undeclared = append(undeclared, name)
		}
	}
	found := []evidence.Measurement{count("features", len(used), len(used))}
	found = append(found, listed("features_unjustified", "feature_unjustified", unjustified, len(used))...)
	found = append(found, listed("features_repeated", "feature_repeated", repeated, len(candidate.Governance.Spec.Features))...)
	return append(found, listed("features_undeclared", "feature_undeclared", undeclared, len(used))...)
}

func declares(columns []v1alpha1.Column, name string) bool {
	return slices.ContainsFunc(columns, func(column v1alpha1.Column) bool { return column.Name == name })
}

// explains holds for text that says something to whoever reads it: it is no
// placeholder and as long as a sentence.
func explains(text string) bool {
	return written(text) && utf8.RuneCountInString(strings.TrimSpace(text)) >= shortestSentence
}

// mostListed bounds how many of one kind are named; all of them are counted.
const mostListed = 64

// listed counts items out of n, and names each.
func listed(total, each string, items []string, n int) []evidence.Measurement {
	found := []evidence.Measurement{count(total, len(items), n)}
	items = slices.Clone(items)
	slices.Sort(items)
	items = slices.Compact(items)
	for _, item := range items[:min(len(items), mostListed)] {
		one := count(each, 1, 1)
		one.Group = label(item)
		found = append(found, one)
	}
	return found
}
