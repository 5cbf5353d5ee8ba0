package controller

import (
	"context"
	"fmt"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/mlops-clinical-trials/assay/api/kube"
)

// Field owners: each answers for a part of the objects, and takes nothing from
// the others.
const (
	ownerOfMerged    = "assay-reconciler"
	ownerOfPulls     = "assay-reconciler-pulls"
	ownerOfExposures = "assay-reconciler-exposures"
	fallback         = "-fallback" // writes conditions alone, when a status is refused whole
)

// applied is an object with only the fields that are to be written.
func applied(object client.Object, kind, field string, part any) (*unstructured.Unstructured, error) {
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(part)
	if err != nil {
		return nil, err
	}
	made := &unstructured.Unstructured{Object: map[string]any{field: content}}
	made.SetAPIVersion(kube.GroupVersion.String())
	made.SetKind(kind)
	made.SetNamespace(object.GetNamespace())
	made.SetName(object.GetName())
	return made, nil
}

// applyStatus writes an owner's part of a status. One that the API server
// refuses whole (it is too large, or no longer valid) must not silence its
// conditions: these are then written by another owner, alone.
func applyStatus(ctx context.Context, to client.Client, object client.Object, kind, owner string, part any, conditions []metav1.Condition) error {
	whole, err := applied(object, kind, "status", part)
	if err != nil {
		return err
	}
	err = statusAs(ctx, to, whole, owner)
	switch {
	case err == nil && wroteBefore(object, owner+fallback):
		return conditionsAs(ctx, to, object, kind, owner+fallback, nil) // or what it wrote could never be removed
	case err == nil || !refusedWhole(err):
		return explain(err, kind, object)
	}
	if failed := conditionsAs(ctx, to, object, kind, owner+fallback, conditions); failed != nil {
		return explain(fmt.Errorf("%w (and its conditions alone: %v)", err, failed), kind, object)
	}
	return nil
}

func conditionsAs(ctx context.Context, to client.Client, object client.Object, kind, owner string, conditions []metav1.Condition) error {
	only, err := applied(object, kind, "status", &struct {
		Conditions []metav1.Condition `json:"conditions,omitempty"`
	}{conditions})
	if err != nil {
		return err
	}
	return statusAs(ctx, to, only, owner)
}

func statusAs(ctx context.Context, to client.Client, content *unstructured.Unstructured, owner string) error {
	return to.Status().Apply(ctx, client.ApplyConfigurationFromUnstructured(content), client.FieldOwner(owner), client.ForceOwnership)
}

func wroteBefore(object client.Object, owner string) bool {
	return slices.ContainsFunc(object.GetManagedFields(), func(entry metav1.ManagedFieldsEntry) bool { return entry.Manager == owner })
}

// refusedWhole tells what no second attempt would change. etcd's own limit
// comes through as the text of an internal error.
func refusedWhole(err error) bool {
	return apierrors.IsRequestEntityTooLargeError(err) || apierrors.IsInvalid(err) || strings.Contains(err.Error(), "request is too large")
}

func explain(err error, kind string, object client.Object) error {
	if err == nil || apierrors.IsNotFound(err) { // it was deleted in between
		return nil
	}
	return fmt.Errorf("writing the status of %s %s: %w", strings.ToLower(kind), object.GetName(), err)
}
