package subject

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
	kubejson "sigs.k8s.io/json"
)

const review = `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","kind":{"group":"apps","version":"v1","kind":"Deployment"},` +
	`"resource":{"group":"apps","version":"v1","resource":"deployments"},"subResource":"scale","requestKind":{"kind":"Other"},"name":"n","namespace":"clinic","operation":"UPDATE",` +
	`"userInfo":{"username":"ruiz","groups":["a"],"extra":{"x":["y"]}},"object":{"a":[1,"\u0073"]},"oldObject":{},"dryRun":true,"options":{"kind":"UpdateOptions"}},"tomorrow":{}}`

func TestAReviewIsReadAsItIsAsked(t *testing.T) {
	asked, err := Request([]byte(review))
	if err != nil {
		t.Fatal(err)
	}
	told, err := json.Marshal(asked)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"uid":"u","kind":{"group":"apps","version":"v1","kind":"Deployment"},"resource":{"group":"apps","version":"v1","resource":"deployments"},"subResource":"scale",` +
		`"name":"n","namespace":"clinic","operation":"UPDATE","userInfo":{"username":"ruiz"},"object":{"a":[1,"\u0073"]},"oldObject":{},"dryRun":true,"options":null}`
	if string(told) != want {
		t.Errorf("%s, want %s", told, want)
	}
}

func TestWhatIsNoReviewIsRefused(t *testing.T) {
	for claim, text := range map[string]string{
		"nothing":                   "",
		"null":                      "null",
		"no object":                 "[]",
		"another kind":              strings.Replace(review, "AdmissionReview", "Pod", 1),
		"another version":           strings.Replace(review, "io/v1", "io/v1beta1", 1),
		"nothing asked":             `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}`,
		"an object that is no JSON": strings.Replace(review, `[1,"\u0073"]`, "[1,]", 1),
		"two objects":               strings.Replace(review, `"object":`, `"object":{},"object":`, 1),
		"a name that is a number":   strings.Replace(review, `"name":"n"`, `"name":7`, 1),
		"a rehearsal that is text":  strings.Replace(review, "true", `"true"`, 1),
		"more behind it":            review + "{}",
		"depth without an end":      strings.Replace(review, `"oldObject":{}`, `"oldObject":`+strings.Repeat("[", 1<<20), 1),
	} {
		if asked, err := Request([]byte(text)); err == nil {
			t.Errorf("%s is read as %+v", claim, asked)
		}
	}
}

// FuzzRequest: what it reads, the decoder of Kubernetes reads so too.
func FuzzRequest(f *testing.F) {
	f.Add([]byte(review))
	f.Add([]byte(strings.ReplaceAll(review, `{}`, `null`)))
	f.Add([]byte(strings.Replace(review, `"u"`, `"\ud834\udd1e\ud800"`, 1)))
	f.Fuzz(func(t *testing.T, body []byte) {
		asked, err := Request(body)
		if err != nil {
			return
		}
		var wanted admissionv1.AdmissionReview
		if err := kubejson.UnmarshalCaseSensitivePreserveInts(body, &wanted); err != nil {
			return // of a field that is not read here
		}
		want := wanted.Request
		if asked.UID != want.UID || asked.Kind != want.Kind || asked.Resource != want.Resource || asked.SubResource != want.SubResource || asked.Name != want.Name ||
			asked.Namespace != want.Namespace || asked.Operation != want.Operation || asked.UserInfo.Username != want.UserInfo.Username ||
			*asked.DryRun != (want.DryRun != nil && *want.DryRun) || !bytes.Equal(asked.Object.Raw, want.Object.Raw) || !bytes.Equal(asked.OldObject.Raw, want.OldObject.Raw) {
			t.Errorf("%s is read as %+v, want %+v", body, asked, want)
		}
	})
}
