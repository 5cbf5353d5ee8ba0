package crds

import (
	"context"
	"strings"
	"sync"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

var once = sync.OnceValues(func() (*Catalogue, error) { return Load(context.Background()) })

func load(t *testing.T) *Catalogue {
	t.Helper()
	catalogue, err := once()
	if err != nil {
		t.Fatal(err)
	}
	return catalogue
}

func parse(t *testing.T, text string) []unstructured.Unstructured {
	t.Helper()
	objects, err := Objects([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// The check fails: on what an API server would refuse, and on what it would
// silently change.
func TestWhatWouldNotBeLiveIsFound(t *testing.T) {
	catalogue := load(t)
	for name, story := range map[string]struct{ object, problem string }{
		"a field that is no field": {`
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: x, namespace: ns}
spec: {host: x, trafficPolicies: {}}
`, "spec.trafficPolicies: unknown field"},
		"a wrong type": {`
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: x, namespace: ns}
spec: {scaleTargetRef: {name: x}, maxReplicaCount: many, triggers: [{type: prometheus, metadata: {}}]}
`, "must be of type integer"},
		"a default": {`
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: x, namespace: ns}
spec: {secretStoreRef: {name: x}}
`, ".spec.refreshInterval: the definition's default would add 1h0m0s"},
		"a rule in CEL": {`
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: x, namespace: ns}
spec: {host: x, trafficPolicy: {outlierDetection: {interval: soon}}}
`, "must be a valid duration"},
		"a namespace that is missing": {`
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: x}
spec: {}
`, "namespaced is true"},
		"a kind that nobody defined": {`
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: x, namespace: ns}
`, "no definition"},
		"a built-in with a field too many": {`
apiVersion: v1
kind: Service
metadata: {name: x, namespace: ns}
spec: {port: 80}
`, "unknown field"},
	} {
		problems := strings.Join(catalogue.Check(t.Context(), parse(t, story.object)[0]), "\n")
		if !strings.Contains(problems, story.problem) {
			t.Errorf("%s: %s", name, problems)
		}
	}
}

func TestTwoWritersAreFound(t *testing.T) {
	const target = "metadata: {name: b, namespace: ns}\nspec: {scaleTargetRef: {kind: Deployment, name: x}}\n"
	deployment := "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x, namespace: ns}\nspec: {replicas: 3}\n"
	hpa, keda := "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\n"+target, "---\napiVersion: keda.sh/v1alpha1\nkind: ScaledObject\n"+target
	route := "---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: x, namespace: ns}\nspec: {hosts: [x], http: [{route: [{weight: 100}]}]}\n"
	for name, story := range map[string]struct{ objects, dispute string }{
		"git and an autoscaler": {deployment + hpa, "replicas of Deployment ns/x is written by HorizontalPodAutoscaler b and git"},
		"two autoscalers":       {hpa + keda, "written by HorizontalPodAutoscaler b and ScaledObject b"},
		"KServe and KEDA": {`
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: x, namespace: ns}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: b, namespace: ns}
spec: {scaleTargetRef: {name: x-predictor}}
`, "InferenceService x and ScaledObject b"},
		"git and a rollout": {route + `---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: r, namespace: ns}
spec: {strategy: {canary: {trafficRouting: {istio: {virtualService: {name: x}}}}}}
`, "the weights of VirtualService ns/x is written by Rollout r and git"},
		"git and Flagger":    {route + "---\nkind: Canary\nmetadata: {name: c, namespace: ns}\nspec: {targetRef: {name: x}}\n", "Canary c and git"},
		"two routes":         {route + strings.Replace(route, "name: x", "name: z", 1), "the routes to x is written by VirtualService x and VirtualService z"},
		"a secret twice":     {"apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: ns}\n---\nkind: ExternalSecret\nmetadata: {name: e, namespace: ns}\nspec: {target: {name: s}}\n", "Secret ns/s is written by ExternalSecret e and git"},
		"one object, twice":  {deployment + deployment, "Deployment ns/x is written by git and git"},
		"nobody but git":     {deployment + route, ""},
		"nobody but the HPA": {strings.Replace(deployment, "replicas: 3", "paused: false", 1) + hpa, ""},
	} {
		disputes := strings.Join(Owners(parse(t, story.objects)), "\n")
		if (story.dispute == "") != (disputes == "") || !strings.Contains(disputes, story.dispute) {
			t.Errorf("%s: %s", name, disputes)
		}
	}
}

func TestAChangedDefinitionIsNotRead(t *testing.T) {
	source := Sources[0]
	source.Sum = "h1:somethingelse="
	if _, err := source.Read(t.Context()); err == nil || !strings.Contains(err.Error(), "not h1:somethingelse=") {
		t.Error(err)
	}
	source = Sources[0]
	source.Files = []string{"nothing/like/it.yaml"}
	if _, err := source.Read(t.Context()); err == nil {
		t.Error("read")
	}
}
