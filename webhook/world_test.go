package webhook

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/policies"
)

var update = flag.Bool("update", false, "rewrite the expected answers")

// The configured model repository, the one digest that a Release has, and that of
// the image that serves it.
const modelRepository = "registry.example.org:5000/models"

var (
	releasedDigest = "sha256:" + strings.Repeat("a1", 32)
	servingDigest  = "sha256:" + strings.Repeat("5e", 32)
)

// The cast: a model that passed, the image that serves it, and one environment.
var (
	noon    = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	model   = evidence.Subject{Name: "breast-malignancy", Digest: evidence.Digest(releasedDigest)}
	mounted = modelRepository + "/breast-malignancy@" + releasedDigest
)

const (
	clinic  = "clinic" // a namespace of environment staging
	staging = "staging"
	strange = "strange" // a namespace whose label names no configured environment
)

// shippedRules is the shipped rules about workloads and about evidence. The rules about
// each measurement are left out: what numbers pass is not this package's
// business, and they have their own tests.
var shippedRules = sync.OnceValues(func() (fstest.MapFS, error) {
	tree := fstest.MapFS{}
	for _, folder := range []string{"lib", "thresholds", "change", "workload", "model/evidence"} {
		err := fs.WalkDir(policies.FS, folder, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			content, err := fs.ReadFile(policies.FS, name)
			tree[name] = &fstest.MapFile{Data: content}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return tree, nil
})

// court is the real judge with the shipped rules.
var court = sync.OnceValues(func() (*judge.Judge, error) {
	tree, err := shippedRules()
	if err != nil {
		return nil, err
	}
	return judge.New(context.Background(), tree)
})

// openCourt sits by the shipped rules, and of a folder.
func openCourt(t testing.TB, folder string) *Court {
	t.Helper()
	tree, err := shippedRules()
	if err != nil {
		t.Fatal(err)
	}
	court, err := OpenCourt(t.Context(), tree, folder)
	if err != nil {
		t.Fatal(err)
	}
	return court
}

func realJudge(t testing.TB) *judge.Judge {
	t.Helper()
	judge, err := court()
	if err != nil {
		t.Fatal(err)
	}
	return judge
}

// measurer signs evidence with its own key.
type measurer struct {
	signer evidence.KeySigner
	trust  evidence.Trust
}

func newMeasurer(t testing.TB) measurer {
	t.Helper()
	private, public, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	signer, err := evidence.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	key, err := evidence.ParsePublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return measurer{signer, evidence.Trust{{Name: "measurer", Key: key,
		Predicates: []string{evidence.MeasurementsType, evidence.ProvenanceType}}}}
}

// release signs what all five gates and the trainer say about the subject.
func (m measurer) release(t testing.TB, name string, subject evidence.Subject, environment, image string) *kube.Release {
	t.Helper()
	object := &kube.Release{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec:       kube.ReleaseSpec{Model: subject.Name, Environment: environment, Digest: string(subject.Digest)},
	}
	statements := []evidence.Statement{evidence.Trained(subject, evidence.Provenance{})}
	for _, gate := range gates.Names() {
		statements = append(statements, evidence.Measured(subject, evidence.Measurements{
			Gate: gate, Environment: environment,
			Model:        evidence.ModelFacts{Task: "binary", Purpose: "detection", RiskClass: "moderate"},
			Inputs:       []evidence.Subject{{Name: "image", Digest: evidence.Digest(image)}},
			Measurements: []evidence.Measurement{{Name: "rows", Value: "100", N: 100}},
		}))
	}
	for _, statement := range statements {
		envelope, err := m.signer.Sign(t.Context(), statement)
		if err != nil {
			t.Fatal(err)
		}
		object.Spec.Envelopes = append(object.Spec.Envelopes, string(envelope))
	}
	return object
}

// judgeFunc is a judge made of a function, for what a real one never does.
type judgeFunc func(judge.Question) (gates.Verdict, error)

func (f judgeFunc) Judge(_ context.Context, question judge.Question) (gates.Verdict, error) {
	return f(question)
}

// newHandler stands in a cluster with two namespaces.
func newHandler(t testing.TB, court Judge, memory *Memory) Handler {
	t.Helper()
	metrics, err := NewMetrics(prometheus.NewRegistry(), memory)
	if err != nil {
		t.Fatal(err)
	}
	namespaces := map[string]string{clinic: staging, strange: "moon"}
	return Handler{
		Door: Door{Court: court, Memory: memory},
		Settings: func() Configuration {
			return Configuration{Repositories: []string{modelRepository}, Profiles: map[string]string{staging: staging}}
		},
		Environments: func(_ context.Context, namespace string) (string, error) {
			if environment, ok := namespaces[namespace]; ok {
				return environment, nil
			}
			return "", fmt.Errorf("namespace %s is not known", namespace)
		},
		Clock:   func() time.Time { return noon },
		Metrics: metrics,
	}
}

// podMounting is a pod that serves the model by an image.
func podMounting(reference, image string) map[string]any {
	return map[string]any{
		"apiVersion": "v1", "kind": "Pod", "metadata": map[string]any{"name": "serve", "namespace": clinic},
		"spec": map[string]any{
			"containers": []any{map[string]any{"name": "serve", "image": image}},
			"volumes":    []any{map[string]any{"name": "model", "image": map[string]any{"reference": reference}}},
		},
	}
}

func raw(t testing.TB, object any) runtime.RawExtension {
	t.Helper()
	text, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return runtime.RawExtension{Raw: text}
}

func creating(t testing.TB, object any) admission.Request {
	return admission.Request{AdmissionRequest: admissionv1.AdmissionRequest{
		UID: "u-1", Operation: admissionv1.Create, Namespace: clinic, Name: "serve",
		Kind:     metav1.GroupVersionKind{Version: "v1", Kind: "Pod"},
		Resource: metav1.GroupVersionResource{Version: "v1", Resource: "pods"},
		Object:   raw(t, object),
	}}
}
