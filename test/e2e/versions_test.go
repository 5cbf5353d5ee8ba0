package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
)

// withoutCodec is for requests whose bytes are written by hand.
func withoutCodec(config *rest.Config) *rest.Config {
	own := rest.CopyConfig(config)
	own.NegotiatedSerializer = clientgoscheme.Codecs.WithoutConversion()
	return own
}

// rollouts are a kind of somebody else with a version that the door's rules do
// not name, and without a status of its own.
const rollouts = `{
  "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "rollouts.argoproj.io"},
  "spec": {"group": "argoproj.io", "scope": "Namespaced", "names": {"plural": "rollouts", "singular": "rollout", "kind": "Rollout"},
    "versions": [
      {"name": "v1alpha1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}},
      {"name": "v1beta9", "served": true, "storage": false, "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}
    ]}}`

// anotherVersion writes an object at a version that is not registered: the API
// server converts it to the one that is (matchPolicy Equivalent). Without a
// status subresource, an update of the status is one of everything.
func (in intruder) anotherVersion(t *testing.T) {
	if _, err := in.send(t, http.MethodPost, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", "application/json", []byte(rollouts)); err != nil {
		t.Fatal(err)
	}
	address := "/apis/argoproj.io/v1beta9/namespaces/" + namespace + "/rollouts"
	rollout := func(version string, spec any) []byte {
		text, err := json.Marshal(map[string]any{
			"apiVersion": "argoproj.io/v1beta9", "kind": "Rollout", "metadata": map[string]any{"name": "turned", "resourceVersion": version},
			"spec": map[string]any{"template": map[string]any{"spec": spec}}, "status": map[string]any{"phase": "Healthy"},
		})
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	clean, bad := in.clean(t, "turned").Spec, in.bad(t, "turned").Spec
	in.until(t, "the kind is there", func() bool {
		_, err := in.send(t, http.MethodPost, address+"?dryRun=All", "application/json", rollout("", clean))
		return err == nil
	})
	_, err := in.send(t, http.MethodPost, address, "application/json", rollout("", bad))
	denied(t, err, "workload.released")
	made, err := in.send(t, http.MethodPost, address, "application/json", rollout("", clean))
	if err != nil {
		t.Fatal(err)
	}
	var object struct {
		Metadata struct{ ResourceVersion string }
	}
	if err := json.Unmarshal(made, &object); err != nil {
		t.Fatal(err)
	}
	_, err = in.send(t, http.MethodPut, address+"/turned", "application/json", rollout(object.Metadata.ResourceVersion, bad))
	denied(t, err, "workload.released")
	patch := []byte(`{"status":{"phase":"Degraded"}}`)
	if _, err := in.send(t, http.MethodPatch, strings.Replace(address, "v1beta9", "v1alpha1", 1)+"/turned", "application/merge-patch+json", patch); err != nil {
		t.Errorf("its status cannot be told: %v", err)
	}
	if _, err := in.send(t, http.MethodPatch, address+"/turned/status", "application/merge-patch+json", patch); !apierrors.IsNotFound(err) {
		t.Errorf("it has a status of its own: %v", err)
	}
}
