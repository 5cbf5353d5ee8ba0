package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/mlops-clinical-trials/assay/evidence"
)

// reports are written where somebody has installed their definition.
var reports = schema.GroupVersionResource{Group: "wgpolicyk8s.io", Version: "v1alpha2", Resource: "policyreports"}

const (
	managedBy   = "app.kubernetes.io/managed-by"
	leftOutNote = "assay.dev/results-left-out"
	contentNote = "assay.dev/content" // digest of what the report says
)

// posted is what the cluster has as the report of a namespace.
type posted struct {
	content evidence.Digest
	checked time.Time
}

// recheck is when a report is compared with what stands in the cluster, where
// somebody may have deleted or edited it.
const recheck = 5 * time.Minute

// writeReports tells the cluster of each namespace of which there is something
// new to say.
func (a *Auditor) writeReports(ctx context.Context, now time.Time) error {
	if !a.hall.installed.has(reports) {
		return nil
	}
	var failed []error
	for namespace := range a.scene.namespaces {
		if a.ready[namespace] {
			if err := a.writeReport(ctx, namespace, now); err != nil {
				failed = append(failed, fmt.Errorf("writing the report of %s: %w", namespace, err))
			}
		}
	}
	for namespace := range a.reports {
		if _, enrolled := a.scene.namespaces[namespace]; !enrolled {
			failed = append(failed, a.removeReport(ctx, namespace))
		}
	}
	return errors.Join(failed...)
}

func (a *Auditor) writeReport(ctx context.Context, namespace string, now time.Time) error {
	all := a.results(namespace)
	if len(all) == 0 {
		return a.removeReport(ctx, namespace)
	}
	made := newReport(all)
	content, err := contentOf(made.object(namespace, true))
	if err != nil {
		return err
	}
	if known := a.reports[namespace]; known != nil && known.content == content && now.Before(known.checked.Add(recheck)) {
		return nil
	}
	stands, err := a.cluster.Resource(reports).Namespace(namespace).Get(ctx, reportName, metav1.GetOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return err
	}
	if err != nil || stands.GetAnnotations()[contentNote] != string(content) {
		object := &unstructured.Unstructured{Object: made.object(namespace, false)}
		notes := object.GetAnnotations()
		notes[contentNote] = string(content)
		object.SetAnnotations(notes)
		_, err = a.cluster.Resource(reports).Namespace(namespace).Apply(ctx, reportName, object, metav1.ApplyOptions{FieldManager: manager, Force: true})
		if a.metrics.wrote(err); err != nil {
			return err
		}
	}
	a.reports[namespace] = &posted{content, now}
	return nil
}

// removeReport takes the report of a namespace away in which there is nothing to
// report any more.
func (a *Auditor) removeReport(ctx context.Context, namespace string) error {
	if a.reports[namespace] == nil {
		return nil
	}
	err := a.cluster.Resource(reports).Namespace(namespace).Delete(ctx, reportName, metav1.DeleteOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("removing the report of %s: %w", namespace, err)
	}
	a.metrics.wrote(nil)
	delete(a.reports, namespace)
	return nil
}

// recall finds the reports that an audit before this one has left.
func (a *Auditor) recall(ctx context.Context) error {
	list, err := a.cluster.Resource(reports).List(ctx, metav1.ListOptions{LabelSelector: managedBy + "=" + manager})
	if err != nil {
		return fmt.Errorf("listing reports: %w", err)
	}
	for _, one := range list.Items {
		if one.GetName() == reportName && a.reports[one.GetNamespace()] == nil {
			a.reports[one.GetNamespace()] = &posted{content: evidence.Digest(one.GetAnnotations()[contentNote])}
		}
	}
	return nil
}

func contentOf(object map[string]any) (evidence.Digest, error) {
	text, err := json.Marshal(object)
	return evidence.Sum(text), err
}

// tell writes what has changed.
func (a *Auditor) tell(ctx context.Context, now time.Time, changed bool) error {
	var failed []error
	if !a.reporting && a.hall.installed.has(reports) {
		if err := a.recall(ctx); err != nil {
			return err
		}
		a.reporting = true
		log.FromContext(ctx).Info("writing policy reports", "resource", reports.String())
	}
	if !changed && now.Before(a.told.Add(tellAgain)) {
		return nil
	}
	a.told = now
	if len(a.ready) == len(a.scene.namespaces) { // or a workload may not have been counted
		failed = append(failed, a.writeStatuses(ctx, now), a.publish(ctx, now))
		a.measure()
	}
	failed = append(failed, a.writeReports(ctx, now))
	err := errors.Join(failed...)
	if err != nil {
		a.told = time.Time{} // at the next pass
	}
	return err
}

// tellAgain is when what was told is compared with what stands in the cluster.
const tellAgain = 30 * time.Second
