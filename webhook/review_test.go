package webhook

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// TestAReviewOverHTTP sends the bytes that an API server sends.
func TestAReviewOverHTTP(t *testing.T) {
	server := httptest.NewServer(newHandler(t, realJudge(t), NewMemory()))
	defer server.Close()
	request := creating(t, podMounting(mounted, servedBy+servingDigest)).AdmissionRequest
	body, err := json.Marshal(admissionv1.AdmissionReview{
		TypeMeta: metav1.TypeMeta{APIVersion: "admission.k8s.io/v1", Kind: "AdmissionReview"}, Request: &request})
	if err != nil {
		t.Fatal(err)
	}
	for claim, sent := range map[string]struct {
		text    []byte
		content string
		code    int32
	}{
		"a pod whose model was never released": {body, "application/json", http.StatusForbidden},
		"the same, said to be something else":  {body, "text/plain", http.StatusBadRequest},
		"another version of reviews":           {bytes.Replace(body, []byte("k8s.io/v1"), []byte("k8s.io/v2"), 1), "application/json", http.StatusBadRequest},
		"no review":                            {[]byte("{}x"), "application/json", http.StatusBadRequest},
		"nothing":                              {nil, "application/json", http.StatusBadRequest},
		"more than two objects":                {append(bytes.Repeat([]byte(" "), subject.MaxReview), body...), "application/json", http.StatusBadRequest},
	} {
		reply, err := http.Post(server.URL, sent.content, bytes.NewReader(sent.text))
		if err != nil {
			t.Fatal(err)
		}
		var review admissionv1.AdmissionReview
		if err := json.NewDecoder(reply.Body).Decode(&review); err != nil {
			t.Fatal(claim, err)
		}
		reply.Body.Close()
		if review.Response == nil || review.Response.Allowed || review.Response.Result.Code != sent.code || review.Kind != "AdmissionReview" {
			t.Errorf("%s: %+v, want code %d", claim, review, sent.code)
		}
		if sent.code == http.StatusForbidden && review.Response.UID != request.UID {
			t.Errorf("the answer is to %q", review.Response.UID)
		}
	}
}

// TestAPanicOutsideOfAReviewAnswersNothing: the process goes on, and an API server
// that is given no answer keeps the object out.
func TestAPanicOutsideOfAReviewAnswersNothing(t *testing.T) {
	door := newHandler(t, realJudge(t), NewMemory())
	door.Clock = func() time.Time { panic("no clock") }
	request, err := json.Marshal(admissionv1.AdmissionReview{
		TypeMeta: metav1.TypeMeta{APIVersion: "admission.k8s.io/v1", Kind: "AdmissionReview"}, Request: &admissionv1.AdmissionRequest{UID: "u"}})
	if err != nil {
		t.Fatal(err)
	}
	asked := httptest.NewRequest(http.MethodPost, Path, bytes.NewReader(request))
	asked.Header.Set("Content-Type", "application/json")
	answered := httptest.NewRecorder()
	if door.ServeHTTP(answered, asked); answered.Body.Len() > 0 {
		t.Errorf("it answers %s", answered.Body)
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
