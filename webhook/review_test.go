package webhook

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

// TestAReviewOverHTTP sends the bytes that an API server sends.
func TestAReviewOverHTTP(t *testing.T) {
	hook, err := admission.StandaloneWebhook(&admission.Webhook{Handler: newHandler(t, realJudge(t), NewMemory())}, admission.StandaloneOptions{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(hook)
	defer server.Close()
	request := creating(t, podMounting(mounted, servedBy+servingDigest)).AdmissionRequest
	body, err := json.Marshal(admissionv1.AdmissionReview{
		TypeMeta: metav1.TypeMeta{APIVersion: "admission.k8s.io/v1", Kind: "AdmissionReview"}, Request: &request})
	if err != nil {
		t.Fatal(err)
	}
	for claim, text := range map[string][]byte{"a pod whose model was never released": body, "no review": []byte("{}x"), "nothing": nil} {
		reply, err := http.Post(server.URL, "application/json", bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		var review admissionv1.AdmissionReview
		if err := json.NewDecoder(reply.Body).Decode(&review); err != nil {
			t.Fatal(claim, err)
		}
		reply.Body.Close()
		if review.Response == nil || review.Response.Allowed {
			t.Errorf("%s is allowed", claim)
		}
		if bytes.Equal(text, body) && review.Response.UID != request.UID {
			t.Errorf("the answer is to %q", review.Response.UID)
		}
	}
}

func TestTheEnvironmentIsALabelOfTheNamespace(t *testing.T) {
	cluster := fake.NewClientBuilder().WithObjects(
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: clinic, Labels: map[string]string{EnvironmentLabel: staging}}},
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "unlabelled"}}).Build()
	environments := EnvironmentsOf(cluster, cluster)
	if environment, err := environments(t.Context(), clinic); environment != staging || err != nil {
		t.Error(environment, err)
	}
	for _, name := range []string{"unlabelled", "absent", ""} {
		if environment, err := environments(t.Context(), name); err == nil {
			t.Errorf("namespace %q is of environment %q", name, environment)
		}
	}
}
