package controller

import (
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/reconciler/promotion"
)

const maxMessage = 1024 // bytes

// conditions of an object as they are about to be written. Those that are
// abnormal when true (Reconciling, Stalled, Frozen, Soaking) are there only while
// they hold, so that tools which know no more than kstatus read them right.
type conditions struct {
	list       []metav1.Condition
	generation int64
	now        time.Time
}

func conditionsFrom(before []metav1.Condition, generation int64, now time.Time) *conditions {
	copied := make([]metav1.Condition, len(before))
	copy(copied, before)
	return &conditions{copied, generation, now}
}

func (c *conditions) set(kind string, value metav1.ConditionStatus, reason, message string) {
	meta.SetStatusCondition(&c.list, metav1.Condition{
		Type: kind, Status: value, Reason: reason, Message: cut(message),
		ObservedGeneration: c.generation, LastTransitionTime: metav1.NewTime(c.now),
	})
}

func (c *conditions) remove(kinds ...string) {
	for _, kind := range kinds {
		meta.RemoveStatusCondition(&c.list, kind)
	}
}

// ready: there is nothing left to do.
func (c *conditions) ready(reason, message string) {
	c.set(kube.Ready, metav1.ConditionTrue, reason, message)
	c.remove(kube.Reconciling, kube.Stalled)
}

// stalled: nothing will change before a person does something.
func (c *conditions) stalled(reason, message string) {
	c.set(kube.Ready, metav1.ConditionFalse, reason, message)
	c.set(kube.Stalled, metav1.ConditionTrue, reason, message)
	c.remove(kube.Reconciling)
}

// denied: nothing will change before a person does something, unless it is a
// freeze alone that keeps the promotion out, and one that ends by itself.
func (c *conditions) denied(state *promotion.State, reason string) {
	found, frozen := state.Frozen()
	if !frozen {
		c.remove(kube.Frozen)
		c.stalled("Denied", reason)
		return
	}
	c.set(kube.Frozen, metav1.ConditionTrue, "Freeze", found.Message)
	if state.Turns.IsZero() || len(state.Verdict.Denials()) > 1 {
		c.stalled("Denied", reason)
		return
	}
	c.set(kube.Ready, metav1.ConditionFalse, kube.Frozen, found.Message)
	c.set(kube.Reconciling, metav1.ConditionTrue, kube.Frozen, found.Message)
	c.remove(kube.Stalled)
}

// retrying: it did not work, and is tried again.
func (c *conditions) retrying(reason, message string) {
	c.set(kube.Ready, metav1.ConditionFalse, reason, message)
	c.set(kube.Reconciling, metav1.ConditionTrue, "ProgressingWithRetry", message)
	c.remove(kube.Stalled)
}

// settled holds when Ready or Stalled is true: only then has the object's
// generation been observed to its end.
func (c *conditions) settled() bool {
	return meta.IsStatusConditionTrue(c.list, kube.Ready) || meta.IsStatusConditionTrue(c.list, kube.Stalled)
}

// observed is the generation that the status is about.
func (c *conditions) observed(before int64) int64 {
	if c.settled() {
		return c.generation
	}
	return before
}

// cut bounds a text, and keeps it UTF-8: an API server would store something
// else, which would then differ at every look.
func cut(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), maxMessage)], "")
}
