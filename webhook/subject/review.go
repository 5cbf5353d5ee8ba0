package subject

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	admissionv1 "k8s.io/api/admission/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

// MaxReview is two objects and what an API server says of them.
const MaxReview = 2*MaxObject + 1<<20

// Request reads what an AdmissionReview asks: what the door goes by, and nothing
// else. An API server may add fields, so others are no error here; within the
// objects, which stay as they are written, they are.
func Request(body []byte) (admissionv1.AdmissionRequest, error) {
	r := reading{scanner: scanner{text: string(body)}, open: make([]node, 0, 32)}
	review, err := r.value(admissionReview)
	if err == nil {
		err = r.end()
	}
	if err != nil {
		return admissionv1.AdmissionRequest{}, fmt.Errorf("reading the review: %w", err)
	}
	of := admissionv1.SchemeGroupVersion.String()
	if review.says("apiVersion") != of || review.says("kind") != "AdmissionReview" {
		return admissionv1.AdmissionRequest{}, fmt.Errorf("it is a %.40q %.40q, want %s AdmissionReview", review.says("apiVersion"), review.says("kind"), of)
	}
	asked := review.get("request")
	if asked == nil {
		return admissionv1.AdmissionRequest{}, errors.New("the review asks nothing")
	}
	kind, resource, rehearsal := asked.get("kind"), asked.get("resource"), asked.written("dryRun") == "true"
	return admissionv1.AdmissionRequest{
		UID:         types.UID(asked.own("uid")),
		Kind:        metav1.GroupVersionKind{Group: kind.own("group"), Version: kind.own("version"), Kind: kind.own("kind")},
		Resource:    metav1.GroupVersionResource{Group: resource.own("group"), Version: resource.own("version"), Resource: resource.own("resource")},
		SubResource: asked.own("subResource"),
		Name:        asked.own("name"),
		Namespace:   asked.own("namespace"),
		Operation:   admissionv1.Operation(asked.own("operation")),
		UserInfo:    authenticationv1.UserInfo{Username: asked.get("userInfo").own("username")},
		Object:      runtime.RawExtension{Raw: []byte(asked.written("object"))},
		OldObject:   runtime.RawExtension{Raw: []byte(asked.written("oldObject"))},
		DryRun:      &rehearsal,
	}, nil
}

// own is a member's text that does not keep all of the review.
func (n *node) own(name string) string { return strings.Clone(n.says(name)) }

// written is how a member is written that is no text; empty when it is not there.
func (n *node) written(name string) string {
	if found := n.get(name); found != nil {
		return found.text
	}
	return ""
}

// admissionReview is the part of a review that is read.
var admissionReview = having(map[string]*shape{
	"apiVersion": texts, "kind": texts,
	"request": having(map[string]*shape{
		"uid": texts, "subResource": texts, "name": texts, "namespace": texts, "operation": texts,
		"kind":     having(map[string]*shape{"group": texts, "version": texts, "kind": texts}),
		"resource": having(map[string]*shape{"group": texts, "version": texts, "resource": texts}),
		"userInfo": having(map[string]*shape{"username": texts}),
		"object":   raw, "oldObject": raw,
		"dryRun": {takes: reflect.Bool},
	}),
})

var texts = &shape{takes: reflect.String}

// having is an object with these members, and others.
func having(members map[string]*shape) *shape {
	made := &shape{takes: reflect.Struct, open: true, members: map[string]member{}}
	for name, of := range members {
		made.members[name] = member{shape: of}
	}
	return made
}
