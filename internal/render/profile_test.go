package render

import (
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// identities are what the clouds call an identity and a vault.
var identities = map[string][2]string{
	AWS:   {"arn:aws:iam::111122223333:role/breast-risk", "eu-central-1"},
	Azure: {"01234567-89ab-cdef-0123-456789abcdef", "https://clinic-models.vault.azure.net"},
	GCP:   {"breast-risk@clinic-models.iam.gserviceaccount.com", "clinic-models"},
}

// full is a release whose profile asks for everything.
func full(cloud string) Release {
	r := autoscaled()
	r.Profile = Profile{
		Scaling: Requests, MaxReplicas: 1000, RequestsPerReplica: 40,
		Clients: []string{"cluster.local/ns/clinic/sa/records"},
		Cloud:   cloud, Identity: identities[cloud][0], Vault: identities[cloud][1], Secrets: []string{"feature-store"},
		AccuracyMin: "0.85", RequestsMax: 1000,
	}
	return r
}

func onKServe(cloud string, replicas int) Release {
	r := full(cloud)
	r.Replicas = replicas
	r.Profile.Runtime, r.Profile.Scaling, r.Profile.MaxReplicas, r.Profile.RequestsPerReplica = KServe, "", 0, 0
	return r
}

func paced() Release {
	r := autoscaled()
	r.Profile = Profile{Scaling: CPU, MaxReplicas: 1000}
	return r
}

func TestAProfileIsStrict(t *testing.T) {
	for remedy, spoil := range map[string]func(*Release){
		"write kserve":             func(r *Release) { r.Profile.Runtime = "KServe" },
		"write cpu or requests":    func(r *Release) { r.Profile.Scaling = "gpu" },
		"KServe scales":            func(r *Release) { r.Profile.Runtime = KServe },
		"nothing scales them":      func(r *Release) { r.Replicas = 3 },
		"with scaling: requests":   func(r *Release) { r.Profile.Scaling = CPU },
		"requestsPerReplica: -1":   func(r *Release) { r.Profile.RequestsPerReplica = -1 },
		"maxReplicas: 1 ":          func(r *Release) { r.Profile.MaxReplicas = 1 },
		"more than 64":             func(r *Release) { r.Profile.Clients = make([]string, 65) },
		"no principal":             func(r *Release) { r.Profile.Clients = []string{"*"} },
		"write aws, azure or gcp":  func(r *Release) { r.Profile.Cloud = "" },
		"identity:":                func(r *Release) { r.Profile.Cloud = GCP },
		"vault:":                   func(r *Release) { r.Profile.Vault = "https://example.org" },
		"1 to 32":                  func(r *Release) { r.Profile.Secrets = nil },
		"is there twice":           func(r *Release) { r.Profile.Secrets = []string{"a", "a"} },
		"is no name":               func(r *Release) { r.Profile.Secrets = []string{"../a"} },
		"is no proportion":         func(r *Release) { r.Profile.AccuracyMin = "0.85 or vector(1)" },
		"alarms need it and accur": func(r *Release) { r.Profile.RequestsMax = 0 },
	} {
		r := full(AWS)
		spoil(&r)
		if _, err := Render(t.Context(), r); err == nil || !strings.Contains(err.Error(), remedy) {
			t.Errorf("%s: %v", remedy, err)
		}
	}
}

func TestAComponentCannotTakeTheWorkloadAway(t *testing.T) {
	r := paced()
	r.Component = fstest.MapFS{"kustomization.yaml": {Data: []byte(header + `
patches:
- patch: |
    {apiVersion: apps/v1, kind: Deployment, metadata: {name: serving}, $patch: delete}
`)}}
	if _, err := Render(t.Context(), r); err == nil || !strings.Contains(err.Error(), `took away the Deployment "serving"`) {
		t.Error(err)
	}
}

// pod gives what a rendering's workload makes a pod of.
func pod(t *testing.T, release Release, kind string, path ...string) map[string]any {
	t.Helper()
	for document := range strings.SplitSeq(filledIn(t, release), "---\n") {
		var object map[string]any
		if err := yaml.Unmarshal([]byte(document), &object); err != nil {
			t.Fatal(err)
		}
		if object["kind"] == kind {
			spec, _, _ := unstructured.NestedMap(object, path...)
			return spec
		}
	}
	t.Fatalf("there is no %s", kind)
	return nil
}

// The pod is written down twice, for Kubernetes and for KServe, and it is one.
func TestKServeServesTheSamePod(t *testing.T) {
	plain := full(AWS)
	plain.Profile.Scaling, plain.Profile.MaxReplicas, plain.Profile.RequestsPerReplica = "", 0, 0
	want, got := pod(t, plain, "Deployment", "spec", "template", "spec"), pod(t, onKServe(AWS, 0), "InferenceService", "spec", "predictor")
	for _, scaling := range []string{"minReplicas", "maxReplicas", "scaleMetric", "scaleTarget"} {
		delete(got, scaling)
	}
	container := got["containers"].([]any)[0].(map[string]any)
	container["name"] = "server"
	delete(container["ports"].([]any)[0].(map[string]any), "protocol") // KServe's definition fills it in
	if !reflect.DeepEqual(got, want) {
		t.Errorf("KServe's pod is\n%v\nand ours\n%v", got, want)
	}
}
