package compliance_test

import (
	"strings"
	"testing"
	"time"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/compliance"
)

func complete() gates.Candidate {
	return gates.Candidate{
		Card: v1alpha1.ModelCard{Spec: completeCard()},
		Dataset: v1alpha1.Dataset{Spec: v1alpha1.DatasetSpec{DataUse: v1alpha1.DataUse{
			Agreement: "DUA-1", Purposes: []string{"machine-learning model development"}, Expires: "2030-12-31",
			Deidentification: "safe_harbor",
			Ethics:           v1alpha1.Ethics{Board: "REC", Id: "7", Decision: "approved", Expires: "2030-12-31"},
		}}},
		Approvals: []gates.Approval{
			signed("B", "statistician", "review", 1), signed("C", "clinical", "approval", 2),
		},
		Authors: []string{"a@example.org"},
		Commit:  gates.Commit{Author: "a@example.org", Time: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)},
	}
}

func measure(t *testing.T, candidate gates.Candidate) map[string]string {
	t.Helper()
	measurements, err := compliance.Gate{}.Measure(t.Context(), candidate)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, m := range measurements {
		if err := m.Validate(); err != nil {
			t.Error(err)
		}
		values[strings.TrimSuffix(m.Name+" "+m.Group, " ")] = string(m.Value)
	}
	return values
}

func TestCompletePaperwork(t *testing.T) {
	values := measure(t, complete())
	for name, want := range map[string]string{
		"card_fields_missing": "0", "approvals": "2", "approval_roles": "2", "signatures_incomplete": "0",
		"approvals_void": "0", "signatures_withdrawn": "0", "signers_unfit": "0", "change_author a@example.org": "1",
		"data_use_agreement": "1", "data_use_purpose": "1", "deidentification safe_harbor": "1", "ethics_decision": "1",
		"data_use_expires": "1924991999", "ethics_expires": "1924991999",
	} {
		if values[name] != want {
			t.Errorf("%s is %q, want %q", name, values[name], want)
		}
	}
}

func TestWithoutADateNothingIsMeasured(t *testing.T) {
	candidate := complete()
	candidate.Dataset.Spec.DataUse.Expires = "soon"
	if values := measure(t, candidate); values["data_use_expires"] != "" {
		t.Errorf("data_use_expires is %q", values["data_use_expires"])
	}
}
