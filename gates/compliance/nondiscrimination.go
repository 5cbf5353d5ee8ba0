package compliance

import (
	"slices"
	"strings"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// characteristics are words in a column's name that plainly tell what 45 CFR
// 92.210(b) protects: race, color, national origin, sex, age and disability.
// Only whole words count: dosage is no age, stage neither.
var characteristics = map[string]string{
	"race": "race", "racial": "race", "ethnicity": "race", "ethnic": "race", "ancestry": "race", "hispanic": "race", "latino": "race",
	"color": "color", "colour": "color", "skincolor": "color",
	"nationality": "national origin", "birthplace": "national origin", "citizenship": "national origin", "language": "national origin",
	"sex": "sex", "gender": "sex", "male": "sex", "female": "sex", "pregnant": "sex", "pregnancy": "sex", "menopausal": "sex", "menopause": "sex",
	"age": "age", "birthyear": "age", "birthdate": "age", "birthday": "age", "dob": "age",
	"disability": "disability", "disabled": "disability", "wheelchair": "disability",
}

// characteristic is what a column's name plainly tells; empty for most.
func characteristic(column string) string {
	for _, one := range wordsOf(column) {
		if found := characteristics[one]; found != "" {
			return found
		}
	}
	return ""
}

// wordsOf takes a column's name apart, in lower case: at what is neither letter
// nor digit, and where a capital follows a small letter.
func wordsOf(column string) []string {
	var text strings.Builder
	var before rune
	for _, r := range column {
		if 'A' <= r && r <= 'Z' && 'a' <= before && before <= 'z' {
			text.WriteByte(' ')
		}
		text.WriteRune(r)
		before = r
	}
	return strings.FieldsFunc(strings.ToLower(text.String()), func(r rune) bool {
		return !('a' <= r && r <= 'z' || '0' <= r && r <= '9')
	})
}

// measureNondiscrimination looks at the inputs that are, or stand for, what the
// law protects. Each names a column by which the bias gate tells results apart
// (protected_cohorts, which a rule looks up there), or says why none does. That
// each input has a reason is measureFeatures'.
func measureNondiscrimination(candidate gates.Candidate) []evidence.Measurement {
	declared := map[string]bool{}
	var cohorts, faults []string
	for _, feature := range candidate.Governance.Spec.Features {
		if !written(feature.Protected) {
			continue
		}
		declared[feature.Name] = true
		switch why := unmatched(feature, candidate.Dataset.Spec.Groups); {
		case why != "":
			faults = append(faults, feature.Name+": "+why)
		case feature.Cohorts != "":
			cohorts = append(cohorts, feature.Cohorts)
		}
	}
	used := candidate.Model.Spec.Features
	for _, column := range used {
		if kind := characteristic(column); kind != "" && !declared[column] {
			faults = append(faults, column+": is "+kind+", and not declared")
		}
	}
	slices.Sort(cohorts)
	cohorts = slices.Compact(cohorts) // two inputs may stand for one characteristic
	found := []evidence.Measurement{count("protected_features", len(declared), len(used))}
	found = append(found, listed("protected_cohorts", "protected_cohort", cohorts, len(declared))...)
	return append(found, listed("protected_feature_faults", "protected_feature_fault", faults, len(used))...)
}

// unmatched is why results are not told apart for a feature though they must be.
func unmatched(feature v1alpha1.Feature, groups []string) string {
	switch {
	case feature.Cohorts != "" && !slices.Contains(groups, feature.Cohorts):
		return feature.Cohorts + " is no group column of the data set"
	case feature.Cohorts != "":
		return ""
	case slices.Contains(groups, feature.Protected), slices.Contains(groups, feature.Name):
		return "the data set has a group column for it"
	case !explains(feature.Unmatched):
		return "it names no cohorts, and not why"
	}
	return ""
}
