package compliance

import (
	"fmt"
	"slices"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
)

// measureModifications holds the candidate against the predetermined change
// control plan (FDA, December 2024; section 515C of the FD&C Act): one
// modification for each difference from what was cleared, 1 where the plan
// foresees it and 0 where it does not.
func measureModifications(candidate gates.Candidate) []evidence.Measurement {
	plan := candidate.Governance.Spec.Modifications
	claimed := stated("clearance_claimed", claimsClearance(candidate.Card.Spec.ReleaseInfo.RegulatoryApproval))
	if plan.Cleared == nil {
		return []evidence.Measurement{
			stated("cleared", false), claimed,
			stated("clearance_reason", explains(plan.Reason)),
		}
	}
	found := []evidence.Measurement{
		stated("cleared", true), claimed,
		stated("clearance_submission", isSubmission(plan.Cleared.Submission)),
		stated("modification_impact", explains(plan.Impact)),
	}
	found = append(found, modifications(candidate, *plan.Cleared, plan.Bounds)...)
	return append(found, criteria(plan.Protocol)...)
}

// difference is one thing in which a candidate is not what was cleared.
type difference struct {
	what     string
	foreseen bool
}

func modifications(candidate gates.Candidate, cleared v1alpha1.Cleared, bounds v1alpha1.Bounds) []evidence.Measurement {
	all := differences(candidate, cleared, bounds)
	var found []evidence.Measurement
	outside := 0
	for _, one := range all {
		if !one.foreseen {
			outside++
		}
		found = append(found, about(one.what, stated("modification", one.foreseen)))
	}
	return append([]evidence.Measurement{
		count("modifications", len(all), len(all)),
		count("modifications_outside", outside, len(all)),
	}, found...)
}

// differences lists them in a stable order. A purpose is never within a plan:
// another intended use is another device (21 CFR 807.81(a)(3)(ii)).
func differences(candidate gates.Candidate, cleared v1alpha1.Cleared, bounds v1alpha1.Bounds) []difference {
	recipe := candidate.Model.Spec
	var found []difference
	differs := func(what, was, is string, foreseen bool) {
		if was != is {
			found = append(found, difference{fmt.Sprintf("%s %s instead of %s", what, is, was), foreseen})
		}
	}
	differs("purpose", cleared.Purpose, recipe.Purpose, false)
	differs("trainer", cleared.Trainer, recipe.Trainer.Kind, slices.Contains(bounds.Trainers, recipe.Trainer.Kind))
	found = append(found, exchanged(cleared.Features, recipe.Features, bounds)...)
	foreseen := slices.Contains(bounds.Datasets, recipe.Dataset)
	differs("data set", cleared.Dataset, recipe.Dataset, foreseen)
	// Of another data set that is foreseen nobody has named the rows.
	another := cleared.Dataset != recipe.Dataset && foreseen
	differs("data", cleared.Data, candidate.Dataset.Spec.Digest, bounds.NewData || another)
	if was, is := cleared.DecisionThreshold, recipe.DecisionThreshold; was != is {
		found = append(found, difference{fmt.Sprintf("decision threshold %v instead of %v", is, was), holds(bounds.DecisionThreshold, is)})
	}
	return found
}

// exchanged are the features that came and those that went.
func exchanged(cleared, features []string, bounds v1alpha1.Bounds) []difference {
	var found []difference
	for _, feature := range only(features, cleared) {
		found = append(found, difference{"feature " + feature + " added", slices.Contains(bounds.FeaturesAdded, feature)})
	}
	for _, feature := range only(cleared, features) {
		found = append(found, difference{"feature " + feature + " removed", slices.Contains(bounds.FeaturesRemoved, feature)})
	}
	return found
}

// only are the entries of a list that another lacks, each once, in order.
func only(list, other []string) []string {
	left := slices.DeleteFunc(slices.Clone(list), func(one string) bool { return slices.Contains(other, one) })
	slices.Sort(left)
	return slices.Compact(left)
}

func holds(bound *v1alpha1.Range, value float64) bool {
	return bound != nil && bound.From <= value && value <= bound.To
}

// criteria are the acceptance criteria of the modification protocol. One
// without a floor or a ceiling accepts everything.
func criteria(protocol []v1alpha1.Pointer) []evidence.Measurement {
	found := []evidence.Measurement{
		count("protocol_criteria", len(protocol), len(protocol)),
		count("protocol_criteria_unlimited", len(protocol)-limited(protocol), len(protocol)),
	}
	return append(found, pointers("protocol_pointer", "modifications.protocol", protocol)...)
}

// limited counts the pointers that ask a floor or a ceiling.
func limited(list []v1alpha1.Pointer) int {
	asked := 0
	for _, one := range list {
		if one.Min != nil || one.Max != nil {
			asked++
		}
	}
	return asked
}
