package compliance

import (
	"math"
	"slices"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// Fields of the card that rules of their own ask for: what the model is for
// (45 CFR 170.315(b)(11)(iv)(B)(2)), and what it is not for (3).
var (
	useFields   = []string{"uses.intendedUse", "uses.intendedUsers", "uses.population", "uses.decisionRole"}
	scopeFields = []string{"uses.outOfScope", "warnings.knownRisks", "warnings.knownBiases", "warnings.clinicalRiskLevel"}
)

func measureUse(candidate gates.Candidate) []evidence.Measurement {
	return speechless("use_fields_missing", "use_field_missing", leavesAt(leaves(candidate.Card.Spec), useFields))
}

// measureScope counts, besides the fields that say nothing, the features that no
// server can refuse a value of: numbers for which the contract has no lowest and
// no highest. What is not in the contract at all measureFeatures counts.
func measureScope(candidate gates.Candidate) []evidence.Measurement {
	found := speechless("scope_fields_missing", "scope_field_missing", leavesAt(leaves(candidate.Card.Spec), scopeFields))
	features := candidate.Model.Spec.Features
	var unbounded []string
	for _, column := range candidate.Dataset.Spec.Columns {
		if slices.Contains(features, column.Name) && !bounded(column) {
			unbounded = append(unbounded, column.Name)
		}
	}
	return append(found, listed("unbounded_features", "unbounded_feature", unbounded, len(features))...)
}

func bounded(column v1alpha1.Column) bool {
	isNumber := column.Type == "number" || column.Type == "integer"
	return !isNumber || column.Min != nil && column.Max != nil &&
		!math.IsInf(*column.Min, -1) && !math.IsInf(*column.Max, 1) && *column.Min <= *column.Max
}
