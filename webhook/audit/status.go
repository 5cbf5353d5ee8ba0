package audit

import (
	"context"
	"errors"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/webhook"
)

// Reasons of the condition Admissible.
const (
	reasonMet         = "EveryRuleIsMet"
	reasonEnds        = "Ends" // a rule will deny it
	reasonDenied      = "Denied"
	reasonQuarantined = "Quarantined"
	reasonUnknown     = "NotJudged"
)

const (
	manager    = "assay-audit" // of the fields that the audit writes
	maxMessage = 300
	maxWrites  = 20 // of a pass; a second later there is another
)

var releases = schema.GroupVersionResource{Group: kube.GroupVersion.Group, Version: kube.GroupVersion.Version, Resource: "releases"}

// writeStatuses tells the cluster what has changed of its releases, and nothing
// else. What it says lags behind until every workload has been counted.
func (a *Auditor) writeStatuses(ctx context.Context, now time.Time) error {
	var failed []error
	written := 0
	for _, one := range a.releases {
		name := one.filed.Name()
		pinned, is := a.board.read(name)
		if !is || one.basis == (basis{}) {
			continue
		}
		status := a.status(one, pinned.status, now)
		if !differs(status, pinned.status, one.users > 0) {
			continue
		}
		if written++; written > maxWrites {
			a.told = time.Time{} // the rest at the next pass
			a.wake()
			break
		}
		if err := a.write(ctx, name, status); err != nil && !apierrors.IsNotFound(err) {
			failed = append(failed, fmt.Errorf("writing the status of %s: %w", name, err))
			continue
		}
		a.board.wrote(name, status)
	}
	return errors.Join(failed...)
}

// status is what is to stand there, in place of what does.
func (a *Auditor) status(one *entry, before kube.ReleaseStatus, now time.Time) kube.ReleaseStatus {
	condition := a.condition(one)
	conditions := []metav1.Condition{}
	if known := meta.FindStatusCondition(before.Conditions, kube.Admissible); known != nil {
		conditions = append(conditions, *known)
	}
	condition.LastTransitionTime = metav1.NewTime(now.UTC().Truncate(time.Second))
	meta.SetStatusCondition(&conditions, condition)
	status := kube.ReleaseStatus{Conditions: conditions, Rule: one.rule, Workloads: int32(one.users), Verdict: string(one.verdict), Policy: one.outlook.policy}
	if one.verdict != "" {
		at := metav1.NewTime(one.judged.UTC().Truncate(time.Second))
		status.Judged = &at
	}
	if condition.Status == metav1.ConditionTrue && !one.until.IsZero() {
		until := metav1.NewTime(one.until)
		status.AdmissibleUntil = &until
	}
	return status
}

func (a *Auditor) condition(one *entry) metav1.Condition {
	said := metav1.Condition{Type: kube.Admissible, Status: metav1.ConditionFalse}
	switch quarantined := a.quarantined(one); {
	case one.problem != "":
		said.Status, said.Reason, said.Message = metav1.ConditionUnknown, reasonUnknown, one.problem
	case quarantined != "":
		said.Reason, said.Message = reasonQuarantined, quarantined
	case !one.allowed:
		said.Reason, said.Message = reasonDenied, one.because()
	case !one.until.IsZero():
		said.Status, said.Reason = metav1.ConditionTrue, reasonEnds
		said.Message = fmt.Sprintf("until %s: %s", one.until.Format(time.RFC3339), one.because())
	default:
		said.Status, said.Reason, said.Message = metav1.ConditionTrue, reasonMet, "every rule is met"
	}
	said.Message = webhook.Quoted(said.Message, maxMessage)
	return said
}

// because names the rule that speaks against the release, now or from when it
// ends.
func (o outlook) because() string {
	text := o.message
	if o.rule != "" {
		text = o.rule + ": " + o.message
	}
	if o.denials > 1 {
		text = fmt.Sprintf("%s (and %d more)", webhook.Quoted(text, maxMessage-30), o.denials-1)
	}
	return text
}

// differs says whether people would learn something. Another verdict that says the
// same is nothing new, and of a release that nobody uses another policy neither.
func differs(status, before kube.ReleaseStatus, used bool) bool {
	said, says := meta.FindStatusCondition(before.Conditions, kube.Admissible), meta.FindStatusCondition(status.Conditions, kube.Admissible)
	switch {
	case said == nil || said.Status != says.Status || said.Reason != says.Reason || said.Message != says.Message:
	case status.Rule != before.Rule || status.Workloads != before.Workloads || !status.AdmissibleUntil.Equal(before.AdmissibleUntil):
	case used && status.Policy != before.Policy:
	default:
		return false
	}
	return true
}

func (a *Auditor) write(ctx context.Context, name string, status kube.ReleaseStatus) error {
	fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(&status)
	if err != nil {
		return err
	}
	object := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": kube.GroupVersion.String(), "kind": "Release", "metadata": map[string]any{"name": name}, "status": fields,
	}}
	_, err = a.cluster.Resource(releases).ApplyStatus(ctx, name, object, metav1.ApplyOptions{FieldManager: manager, Force: true})
	a.metrics.wrote(err)
	return err
}

// quarantined says by whose order the release must not run; empty when there is
// none.
func (a *Auditor) quarantined(one *entry) string {
	spec := one.filed.Spec()
	ordered := a.door.Memory.Quarantined(spec.Environment, spec.Digest)
	if len(ordered) == 0 {
		return ""
	}
	return fmt.Sprintf("quarantine %s: %s", ordered[0].Name, ordered[0].Reason)
}
