package controller

import (
	"context"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/predicate"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

var specChanged = predicate.GenerationChangedPredicate{}

const (
	maxMessage  = 1024 // bytes of a message
	maxFindings = 64
)

// show writes one promotion's object, only when it changes.
func (r *Reconciler) show(ctx context.Context, repository *kube.Repository, commit string, state *promotion.State, failure error) error {
	shown := &kube.Promotion{}
	shown.Namespace = repository.Namespace
	shown.Name = state.Request.Model + "." + state.Request.Environment
	err := r.client.Get(ctx, client.ObjectKeyFromObject(shown), shown)
	if client.IgnoreNotFound(err) != nil {
		return err
	}
	before := shown.DeepCopy()
	shown.Spec = kube.PromotionSpec{
		Repository: repository.Name, Environment: state.Request.Environment, Model: state.Request.Model, Commit: commit,
	}
	if err := controllerutil.SetControllerReference(repository, shown, r.client.Scheme()); err != nil {
		return err
	}
	if err := r.write(ctx, before, shown); err != nil {
		return fmt.Errorf("writing promotion %s: %w", shown.Name, err)
	}
	shown.Status = status(before.Status, state, promotion.FailureOf(failure, state.Request.Pair()), shown.Generation)
	if equality.Semantic.DeepEqual(before.Status, shown.Status) {
		return nil
	}
	if err := r.client.Status().Update(ctx, shown); err != nil {
		return fmt.Errorf("writing the status of promotion %s: %w", shown.Name, err)
	}
	return nil
}

// write makes the object that was not there, which has no resource version, or
// brings its specification up to date.
func (r *Reconciler) write(ctx context.Context, before, shown *kube.Promotion) error {
	switch {
	case before.ResourceVersion == "":
		return r.client.Create(ctx, shown)
	case !equality.Semantic.DeepEqual(before.Spec, shown.Spec):
		return r.client.Update(ctx, shown)
	}
	return nil
}

// status is what a promotion's object says: a condition for each phase, and
// Ready as the summary. What an earlier run reached stays, when this one could
// not come as far.
func status(before kube.PromotionStatus, state *promotion.State, stopped *promotion.Error, generation int64) kube.PromotionStatus {
	after := *before.DeepCopy()
	after.ObservedGeneration = generation
	set := func(kind string, value metav1.ConditionStatus, reason, message string) {
		meta.SetStatusCondition(&after.Conditions, metav1.Condition{
			Type: kind, Status: value, Reason: reason, Message: cut(message), ObservedGeneration: generation,
		})
	}
	if stopped != nil {
		set(stopped.Phase, metav1.ConditionFalse, "Error", stopped.Error())
		set("Ready", metav1.ConditionFalse, stopped.Phase+"Error", stopped.Error())
		return after
	}
	after.Release = string(state.Release.Digest)
	after.Outputs, after.Findings = nil, nil
	for _, output := range state.Outputs {
		after.Outputs = append(after.Outputs, kube.PhaseOutput{Phase: output.Phase, Input: string(output.Input), Output: string(output.Output)})
		if output.Phase != "Judged" || state.Verdict.Allowed() { // set once: a condition that goes back and forth was never the same
			set(output.Phase, metav1.ConditionTrue, "Done", string(output.Output))
		}
	}
	for _, finding := range state.Verdict.Findings[:min(len(state.Verdict.Findings), maxFindings)] {
		after.Findings = append(after.Findings, kube.Finding{
			Rule: finding.Rule, State: string(finding.State), Severity: string(finding.Severity),
			Message: cut(finding.Message), Remedy: cut(finding.Remedy),
		})
	}
	if !state.Verdict.Allowed() {
		reason := denial(state.Verdict)
		set("Judged", metav1.ConditionFalse, "Denied", reason)
		set("Ready", metav1.ConditionFalse, "Denied", reason)
		return after
	}
	set("Ready", metav1.ConditionTrue, "Delivered", "serves "+state.Release.String())
	return after
}

func denial(verdict gates.Verdict) string {
	denials := verdict.Denials()
	if len(denials) == 0 {
		return "no rule was evaluated"
	}
	return fmt.Sprintf("%s: %s (%d findings deny)", denials[0].Rule, denials[0].Message, len(denials))
}

// cut bounds a text, and keeps it UTF-8: an API server would store something
// else, which would then differ at every look.
func cut(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), maxMessage)], "")
}
