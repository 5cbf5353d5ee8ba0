package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"

	"github.com/go-logr/logr"
	constraintclient "github.com/open-policy-agent/frameworks/constraint/pkg/client"
	"github.com/open-policy-agent/frameworks/constraint/pkg/client/reviews"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/mutation/types"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/target"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/util"
	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

// door is validationHandler of Gatekeeper's pkg/webhook/policy.go, whose type is
// not exported, reduced to what reviewRequest does.
type door struct {
	client     *constraintclient.Client
	namespaces map[string]*corev1.Namespace
	seats      chan struct{} // as many as processors, Gatekeeper's --max-serving-threads
}

func open(ctx context.Context, files files) (http.Handler, error) {
	client, err := files.client(ctx)
	if err != nil {
		return nil, err
	}
	objects, err := files.objects()
	if err != nil {
		return nil, err
	}
	made := door{client: client, namespaces: map[string]*corev1.Namespace{}, seats: make(chan struct{}, runtime.GOMAXPROCS(-1))}
	for _, object := range objects {
		if _, err := client.AddData(ctx, object); err != nil {
			return nil, fmt.Errorf("syncing %s: %w", object.GetName(), err)
		}
		if object.GetKind() == "Namespace" {
			made.namespaces[object.GetName()] = &corev1.Namespace{
				TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
				ObjectMeta: metav1.ObjectMeta{Name: object.GetName(), Labels: object.GetLabels()},
			}
		}
	}
	return admission.StandaloneWebhook(&admission.Webhook{Handler: made}, admission.StandaloneOptions{Logger: logr.Discard()})
}

// Handle answers one review.
func (d door) Handle(ctx context.Context, request admission.Request) admission.Response {
	select {
	case d.seats <- struct{}{}:
		defer func() { <-d.seats }()
	case <-ctx.Done():
		return admission.Errored(http.StatusInternalServerError, errors.New("serving context canceled, aborting request"))
	}
	namespace := d.namespaces[request.Namespace]
	if namespace == nil {
		return admission.Errored(http.StatusInternalServerError, fmt.Errorf("namespace %s is not known", request.Namespace))
	}
	// reviewRequest decodes the object for the expansion of its kind, whether or not anything expands it.
	var object unstructured.Unstructured
	if err := json.Unmarshal(request.Object.Raw, &object.Object); err != nil {
		return admission.Errored(http.StatusInternalServerError, err)
	}
	response, err := d.client.Review(ctx, &target.AugmentedReview{
		AdmissionRequest: &request.AdmissionRequest, Namespace: namespace, Source: types.SourceTypeOriginal, IsAdmission: true,
	}, reviews.EnforcementPoint(util.WebhookEnforcementPoint), reviews.Tracing(false), reviews.Stats(false), util.NamespaceReviewOpt(namespace, logr.Discard()))
	if err != nil {
		return admission.Errored(http.StatusInternalServerError, err)
	}
	var found []string
	for _, result := range response.Results() {
		found = append(found, fmt.Sprintf("[%s] %s", result.Constraint.GetName(), result.Msg))
	}
	if len(found) == 0 {
		return admission.Allowed("")
	}
	return admission.Response{AdmissionResponse: admissionv1.AdmissionResponse{
		Result: &metav1.Status{Reason: metav1.StatusReasonForbidden, Code: http.StatusForbidden, Message: strings.Join(found, "\n")},
	}}
}
