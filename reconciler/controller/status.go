package controller

import (
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

const maxFindings = 64

// statusOf is what a promotion's object says: a condition for each phase, and
// Ready as the summary. What an earlier run reached stays, when this one could
// not come as far.
func statusOf(before kube.PromotionStatus, state *promotion.State, stopped *promotion.Error, generation int64, now time.Time) kube.PromotionStatus {
	after := *before.DeepCopy()
	said := conditionsFrom(before.Conditions, generation, now)
	if stopped != nil {
		said.set(stopped.Phase, metav1.ConditionFalse, "Error", stopped.Error())
		said.retrying(stopped.Phase+"Error", stopped.Error())
	} else {
		reached(&after, said, state)
	}
	after.Conditions, after.ObservedGeneration = said.list, said.observed(before.ObservedGeneration)
	return after
}

// reached tells of a run that went as far as its verdict let it.
func reached(after *kube.PromotionStatus, said *conditions, state *promotion.State) {
	after.Release = string(state.Release.Digest)
	after.Outputs, after.Findings = nil, nil
	allowed := state.Verdict.Allowed()
	for _, output := range state.Outputs {
		after.Outputs = append(after.Outputs, kube.PhaseOutput{Phase: output.Phase, Input: string(output.Input), Output: string(output.Output)})
		if output.Phase != "Judged" || allowed { // set once: a condition that goes back and forth was never the same
			said.set(output.Phase, metav1.ConditionTrue, "Done", string(output.Output))
		}
	}
	for _, finding := range state.Verdict.Findings[:min(len(state.Verdict.Findings), maxFindings)] {
		after.Findings = append(after.Findings, kube.Finding{
			Rule: finding.Rule, State: string(finding.State), Severity: string(finding.Severity),
			Message: cut(finding.Message), Remedy: cut(finding.Remedy),
		})
	}
	if !allowed {
		reason := denial(state.Verdict)
		said.set("Judged", metav1.ConditionFalse, "Denied", reason)
		said.denied(state, reason)
		return
	}
	said.remove(kube.Frozen)
	said.ready("Delivered", "serves "+state.Release.String())
}

func denial(verdict gates.Verdict) string {
	denials := verdict.Denials()
	if len(denials) == 0 {
		return "no rule was evaluated"
	}
	return fmt.Sprintf("%s: %s (%d findings deny)", denials[0].Rule, denials[0].Message, len(denials))
}
