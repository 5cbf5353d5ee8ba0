package load

import (
	"encoding/json"
	"fmt"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

// Review is a question, and what must be answered.
type Review struct {
	UID     types.UID
	Body    []byte // an AdmissionReview
	Allowed bool
	Rule    string // that the denial must name
}

// Creating asks about the creation of a pod.
func Creating(pod *corev1.Pod, name string) (Review, error) {
	text, err := json.Marshal(pod)
	if err != nil {
		return Review{}, err
	}
	yes := false
	request := &admissionv1.AdmissionRequest{
		UID:             types.UID("review-of-" + name),
		Kind:            metav1.GroupVersionKind{Version: "v1", Kind: "Pod"},
		Resource:        metav1.GroupVersionResource{Version: "v1", Resource: "pods"},
		RequestKind:     &metav1.GroupVersionKind{Version: "v1", Kind: "Pod"},
		RequestResource: &metav1.GroupVersionResource{Version: "v1", Resource: "pods"},
		Name:            pod.Name, Namespace: pod.Namespace, Operation: admissionv1.Create, DryRun: &yes,
		Object: runtime.RawExtension{Raw: text},
	}
	request.UserInfo.Username = "system:serviceaccount:kube-system:replicaset-controller"
	request.UserInfo.Groups = []string{"system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"}
	body, err := json.Marshal(admissionv1.AdmissionReview{
		TypeMeta: metav1.TypeMeta{APIVersion: "admission.k8s.io/v1", Kind: "AdmissionReview"}, Request: request,
	})
	if err != nil {
		return Review{}, fmt.Errorf("asking about %s: %w", name, err)
	}
	return Review{UID: request.UID, Body: body}, nil
}
