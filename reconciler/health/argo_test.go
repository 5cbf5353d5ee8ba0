package health

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/yaml"

	"github.com/mlops-clinical-trials/assay/api/v1alpha1"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/reconciler/environment"
)

var (
	older, newer = evidence.Sum([]byte("older")), evidence.Sum([]byte("newer"))
	place        = Place{Environment: "production", Namespace: "models-production", Model: "tumour"}
)

// synced is an Application as Argo CD writes it, healthy at commit c2.
const synced = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: assay-eu-production
  namespace: argocd
  labels: {assay.dev/environment: production, assay.dev/cluster: eu}
spec:
  project: assay
  source: {repoURL: "https://git.example.org/clinic/models.git", targetRevision: env/production, path: .}
status:
  reconciledAt: "2026-11-23T12:03:00Z"
  health: {status: Healthy}
  sync: {status: Synced, revision: c2}
  operationState:
    phase: Succeeded
    finishedAt: "2026-11-23T12:01:00Z"
    syncResult: {revision: c2}
  resources:
  - {kind: Service, name: tumour-serving, namespace: models-production, status: Synced}
`

func object(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	read := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte(text), &read.Object); err != nil {
		t.Fatal(err)
	}
	return read
}

// cluster is an API server's storage that holds these objects.
func cluster(t *testing.T, texts ...string) client.Client {
	t.Helper()
	builder := fake.NewClientBuilder().WithScheme(runtime.NewScheme())
	for _, text := range texts {
		builder = builder.WithObjects(object(t, text))
	}
	return builder.Build()
}

// branch holds the newer release from commit c2 on.
func branch(_ context.Context, _, _, commit string) (evidence.Digest, error) {
	held := map[string]evidence.Digest{"c1": older, "c2": newer, "c3": newer, "c0": ""}
	if release, known := held[commit]; known {
		return release, nil
	}
	return "", errors.New("no such commit")
}

func seenBy(t *testing.T, place Place, texts ...string) (environment.Observation, error) {
	t.Helper()
	return Argo{Reader: cluster(t, texts...), Namespace: "argocd", Repository: "https://bot:secret@git.example.org/clinic/models", Held: branch}.Look(t.Context(), place)
}

func TestAnApplicationIsBelievedAboutTheRevisionThatItAssessed(t *testing.T) {
	for name, test := range map[string]struct {
		old, new string
		release  evidence.Digest
		health   environment.Health
	}{
		"healthy":                            {"", "", newer, environment.Healthy},
		"degraded":                           {"{status: Healthy}", "{status: Degraded}", newer, environment.Degraded},
		"starting":                           {"{status: Healthy}", "{status: Progressing}", newer, ""},
		"suspended":                          {"{status: Healthy}", "{status: Suspended}", newer, ""},
		"the old revision":                   {"c2", "c1", older, environment.Healthy},
		"a commit about another model":       {"c2", "c3", newer, environment.Healthy},
		"a commit without the model":         {"c2", "c0", "", environment.Healthy},
		"synced, and not assessed since":     {"12:03:00Z", "12:00:59Z", "", ""},
		"assessed in the same second":        {"12:03:00Z", "12:01:00Z", "", ""},
		"a newer commit is there":            {"status: Synced, revision: c2", "status: OutOfSync, revision: c2", "", ""},
		"a newer commit is being synced":     {"phase: Succeeded", "phase: Running", "", ""},
		"the last sync failed":               {"phase: Succeeded", "phase: Failed", "", ""},
		"another commit was synced last":     {"syncResult: {revision: c2}", "syncResult: {revision: c1}", "", ""},
		"never reconciled":                   {`  reconciledAt: "2026-11-23T12:03:00Z"`, "", "", ""},
		"another repository":                 {"clinic/models.git", "clinic/other.git", "", ""},
		"another environment":                {"environment: production", "environment: staging", "", ""},
		"this model fails among others":      {"tumour-serving, namespace: models-production, status: Synced}", "x}\n  - {kind: Deployment, name: tumour-serving, health: {status: Degraded}}", newer, environment.Degraded},
		"another model's service is of none": {"{kind: Service, name: tumour-serving", "{kind: Service, health: {status: Degraded}, name: tumour-serving", newer, environment.Healthy},
	} {
		got, err := seenBy(t, place, strings.Replace(synced, test.old, test.new, -1))
		if err != nil || got.Release != test.release || got.Release != "" && got.Health != test.health || test.release == "" && got.Health == environment.Degraded {
			t.Errorf("%s: saw %+v, %v", name, got, err)
		}
	}
}

func TestAnotherModelThatFailsIsNotHeldAgainstOneThatIsWell(t *testing.T) {
	text := strings.Replace(synced, "health: {status: Healthy}", "health: {status: Degraded}", 1) +
		"  - {kind: Deployment, name: tumour-serving, namespace: models-production, health: {status: Healthy}}\n" +
		"  - {kind: Deployment, name: other-serving, namespace: models-production, health: {status: Degraded}}\n"
	if got, err := seenBy(t, place, text); err != nil || got.Health != environment.Healthy {
		t.Errorf("saw %+v, %v", got, err)
	}
}

// All clusters of an environment serve one release and are well, or nothing is
// said for it.
func TestSeveralClustersAreOneEnvironment(t *testing.T) {
	us := strings.NewReplacer("assay-eu-", "assay-us-", "cluster: eu", "cluster: us", "12:03:00Z", "12:02:00Z").Replace(synced)
	both := place
	both.Clusters = []string{"eu", "us"}
	for name, test := range map[string]struct {
		texts   []string
		release evidence.Digest
		health  environment.Health
	}{
		"both are well":          {[]string{synced, us}, newer, environment.Healthy},
		"one is degraded":        {[]string{synced, strings.Replace(us, "{status: Healthy}", "{status: Degraded}", 1)}, newer, environment.Degraded},
		"one is starting":        {[]string{synced, strings.Replace(us, "{status: Healthy}", "{status: Progressing}", 1)}, newer, ""},
		"one has the old one":    {[]string{synced, strings.ReplaceAll(us, "c2", "c1")}, "", ""},
		"one is not there":       {[]string{synced}, "", ""},
		"one was never assessed": {[]string{synced, strings.Replace(us, "reconciledAt", "x", 1)}, "", ""},
	} {
		got, err := seenBy(t, both, test.texts...)
		if err != nil || got.Release != test.release || got.Health != test.health {
			t.Errorf("%s: saw %+v, %v", name, got, err)
		}
	}
	got, err := seenBy(t, both, synced, us)
	if want := time.Date(2026, 11, 23, 12, 2, 0, 0, time.UTC); err != nil || !got.Time.Equal(want) {
		t.Errorf("seen at %s, the older look was at %s, %v", got.Time, want, err)
	}
}

func TestWhatCannotBeReadIsIgnorance(t *testing.T) {
	if _, err := seenBy(t, place, strings.ReplaceAll(synced, "c2", "c9")); err == nil {
		t.Error("a commit that nobody knows held something")
	}
	if _, err := seenBy(t, place, strings.Replace(synced, "health: {status: Healthy}", "health: [1]", 1)); err == nil {
		t.Error("garbage was read")
	}
}

// The labels that are looked for are those that the manifests set, and every wave
// that a cluster may stand in is a step.
func TestTheManifestsAgreeOnLabelsAndWaves(t *testing.T) {
	read := func(name string) *unstructured.Unstructured {
		t.Helper()
		text, err := os.ReadFile("../../manifests/argocd/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return object(t, string(text))
	}
	labels, _, err := unstructured.NestedStringMap(read("applicationset.yaml").Object, "spec", "template", "metadata", "labels")
	if err != nil || labels[environmentLabel] != "{{ .environment }}" || labels[clusterLabel] != "{{ .metadata.name }}" || labels["assay.dev/wave"] == "" {
		t.Errorf("labels are %v, %v", labels, err)
	}
	steps, _, err := unstructured.NestedSlice(read("waves.yaml").Object, "spec", "strategy", "rollingSync", "steps")
	if err != nil || len(steps) != v1alpha1.Waves {
		t.Fatalf("%d steps, %v", len(steps), err)
	}
	for i, step := range steps {
		if want := fmt.Sprintf("map[matchExpressions:[map[key:assay.dev/wave operator:In values:[%d]]]]", i+1); fmt.Sprint(step) != want {
			t.Errorf("step %d is %v", i+1, step)
		}
	}
}
