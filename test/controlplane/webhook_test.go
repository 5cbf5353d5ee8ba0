package main

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

const denial = "no evidence for this model"

func webhookDenies(t *testing.T, client *kubernetes.Clientset) {
	door := httptest.NewTLSServer(http.HandlerFunc(deny))
	defer door.Close()
	registrations := client.AdmissionregistrationV1().ValidatingWebhookConfigurations()
	registration, err := registrations.Create(t.Context(), registrationOf(door), metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer registrations.Delete(t.Context(), registration.Name, metav1.DeleteOptions{})

	// A registration reaches the admission chain through a watch, a moment
	// after it was answered: pods created until then are admitted.
	deadline := time.Now().Add(20 * time.Second)
	for attempt := 0; ; attempt++ {
		_, err := create(t.Context(), client, pod(fmt.Sprintf("denied-%d", attempt)))
		if err != nil && strings.Contains(err.Error(), denial) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the webhook's denial never arrived, last answer: %v", err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// registrationOf sends every new pod to the door.
func registrationOf(door *httptest.Server) *registrationv1.ValidatingWebhookConfiguration {
	url := door.URL + "/admit"
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: door.Certificate().Raw})
	none, fail := registrationv1.SideEffectClassNone, registrationv1.Fail
	return &registrationv1.ValidatingWebhookConfiguration{
		ObjectMeta: metav1.ObjectMeta{Name: "door"},
		Webhooks: []registrationv1.ValidatingWebhook{{
			Name:                    "door.assay.dev",
			ClientConfig:            registrationv1.WebhookClientConfig{URL: &url, CABundle: authority},
			SideEffects:             &none,
			FailurePolicy:           &fail,
			AdmissionReviewVersions: []string{"v1"},
			Rules: []registrationv1.RuleWithOperations{{
				Operations: []registrationv1.OperationType{registrationv1.Create},
				Rule: registrationv1.Rule{
					APIGroups: []string{""}, APIVersions: []string{"v1"}, Resources: []string{"pods"},
				},
			}},
		}},
	}
}

func deny(w http.ResponseWriter, r *http.Request) {
	var review admissionv1.AdmissionReview
	if err := json.NewDecoder(r.Body).Decode(&review); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	review.Response = &admissionv1.AdmissionResponse{
		UID:    review.Request.UID,
		Result: &metav1.Status{Message: denial},
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(review)
}
