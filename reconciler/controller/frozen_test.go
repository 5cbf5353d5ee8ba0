package controller

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/gates"
)

// A freeze that ends by itself is waited for; a kill switch needs a person, and so
// does what another rule denies, too.
func TestAFrozenPromotionWaitsForTheEndOfTheFreeze(t *testing.T) {
	frozen := denied("it is the weekend")
	frozen.Verdict.Findings = []gates.Finding{{Rule: "change.freeze", Severity: gates.Deny, State: gates.Failed, Message: "it is the weekend"}}
	frozen.Turns = time.Date(2026, 11, 30, 5, 0, 0, 0, time.UTC)
	shown := statusOf(kube.PromotionStatus{}, frozen, nil, 7, time.Time{})
	says(t, shown, kube.Frozen, metav1.ConditionTrue, "Freeze", "it is the weekend")
	says(t, shown, kube.Ready, metav1.ConditionFalse, "Frozen", "it is the weekend")
	says(t, shown, kube.Reconciling, metav1.ConditionTrue, "Frozen", "it is the weekend")
	if meta.FindStatusCondition(shown.Conditions, kube.Stalled) != nil {
		t.Error("it waits, and is not stalled")
	}
	thawed := statusOf(shown, done(), nil, 7, time.Time{})
	if meta.FindStatusCondition(thawed.Conditions, kube.Frozen) != nil || !meta.IsStatusConditionTrue(thawed.Conditions, kube.Ready) {
		t.Errorf("when it is over: %+v", thawed.Conditions)
	}
	frozen.Verdict.Findings = append(frozen.Verdict.Findings, denied("no").Verdict.Findings...)
	shown = statusOf(kube.PromotionStatus{}, frozen, nil, 7, time.Time{})
	says(t, shown, kube.Stalled, metav1.ConditionTrue, "Denied", "change.freeze")
	says(t, shown, kube.Frozen, metav1.ConditionTrue, "Freeze", "it is the weekend")
	frozen.Verdict.Findings, frozen.Turns = frozen.Verdict.Findings[:1], time.Time{}
	says(t, statusOf(kube.PromotionStatus{}, frozen, nil, 7, time.Time{}), kube.Stalled, metav1.ConditionTrue, "Denied", "it is the weekend")
}
