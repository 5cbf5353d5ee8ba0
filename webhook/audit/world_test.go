package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic/fake"
	clienttesting "k8s.io/client-go/testing"

	"github.com/mlops-clinical-trials/assay/api/kube"
	"github.com/mlops-clinical-trials/assay/evidence"
	"github.com/mlops-clinical-trials/assay/gates"
	"github.com/mlops-clinical-trials/assay/gates/judge"
	"github.com/mlops-clinical-trials/assay/policies"
	"github.com/mlops-clinical-trials/assay/webhook"
	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

const (
	clinic     = "clinic"
	staging    = "staging"
	repository = "registry.example.org/assay/models"
	image      = "sha256:1111111111111111111111111111111111111111111111111111111111111111"
)

var (
	noon  = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	pods  = subject.Kind{Resource: schema.GroupVersionResource{Version: "v1", Resource: "pods"}, Name: "Pod", BuiltIn: true}
	model = evidence.Subject{Name: "tumour", Digest: evidence.Sum([]byte("tumour"))}
)

// court is the real judge with the shipped rules about workloads and about
// evidence, and counts what it is asked. The same rules by another name are another
// policy.
type court struct {
	compiled  *judge.Judge
	policy    string
	models    atomic.Int64
	workloads atomic.Int64
}

func (c *court) PolicyDigest() string { return c.policy }

func (c *court) Judge(ctx context.Context, question judge.Question) (gates.Verdict, error) {
	if question.Model != nil {
		c.models.Add(1)
	} else {
		c.workloads.Add(1)
	}
	verdict, err := c.compiled.Judge(ctx, question)
	verdict.Policy = c.policy
	return verdict, err
}

var rules = sync.OnceValues(func() (*judge.Judge, error) {
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
	return judge.New(context.Background(), tree)
})

// world is an auditor, what it sees, and what it wrote.
type world struct {
	*Auditor
	t       testing.TB
	judge   *court
	memory  *webhook.Memory
	now     time.Time
	enrol   map[string]string
	config  webhook.Configuration
	signer  evidence.KeySigner
	key     evidence.TrustedKey
	writes  []written
	cluster *fake.FakeDynamicClient
	list    map[string][]string // that the floor was told
}

type written struct {
	verb, resource, name string
	object               map[string]any
}

func newWorld(t testing.TB) *world {
	t.Helper()
	compiled, err := rules()
	if err != nil {
		t.Fatal(err)
	}
	private, public, err := evidence.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, memory: webhook.NewMemory(), now: noon, enrol: map[string]string{clinic: staging}}
	w.judge = &court{compiled: compiled, policy: compiled.PolicyDigest()}
	w.config = webhook.Configuration{Repositories: []string{repository}, Profiles: map[string]string{staging: staging}}
	if w.signer, err = evidence.NewSigner(private); err != nil {
		t.Fatal(err)
	}
	w.key.Name, w.key.Predicates = "measurer", []string{evidence.MeasurementsType, evidence.ProvenanceType}
	if w.key.Key, err = evidence.ParsePublicKey(public); err != nil {
		t.Fatal(err)
	}
	w.memory.Trust(evidence.Trust{w.key})
	w.build(t)
	return w
}

func (w *world) build(t testing.TB) {
	t.Helper()
	kinds := map[schema.GroupVersionResource]string{reports: "PolicyReportList"}
	for _, kind := range subject.Kinds(w.config.Workloads) {
		kinds[kind.Resource] = kind.Name + "List"
	}
	w.cluster = fake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), kinds)
	for _, verb := range []string{"patch", "delete"} {
		w.cluster.PrependReactor(verb, "*", w.note)
	}
	w.Auditor = newAuditor(w.judge, webhook.Door{Court: w.judge, Memory: w.memory}, func() webhook.Configuration { return w.config })
	w.Auditor.cluster, w.hall.cluster = w.cluster, w.cluster
	w.clock = func() time.Time { return w.now }
	w.arrived = func() bool { return true }
	w.namespaces = func(context.Context) (map[string]string, error) { return w.enrol, nil }
	w.hall.installed.known[reports] = true
	var err error
	if w.metrics, err = NewMetrics(prometheus.NewRegistry()); err != nil {
		t.Fatal(err)
	}
}

func (w *world) note(action clienttesting.Action) (bool, runtime.Object, error) {
	one := written{verb: action.GetVerb(), resource: action.GetResource().Resource}
	object := &unstructured.Unstructured{Object: map[string]any{}}
	switch action := action.(type) {
	case clienttesting.PatchAction:
		one.name = action.GetName()
		if err := json.Unmarshal(action.GetPatch(), &object.Object); err != nil {
			return true, nil, err
		}
	case clienttesting.DeleteAction:
		one.name = action.GetName()
	}
	one.object = object.Object
	w.writes = append(w.writes, one)
	if at := action.GetResource(); at == reports { // an apply makes what is not there, which the tracker does not
		if err := w.cluster.Tracker().Delete(at, action.GetNamespace(), one.name); err != nil && !apierrors.IsNotFound(err) {
			return true, nil, err
		}
		if one.verb == "patch" {
			return true, object, w.cluster.Tracker().Create(at, object, action.GetNamespace())
		}
	}
	return true, object, nil
}

// Publish makes the world a floor.
func (w *world) Publish(_ context.Context, admissible map[string][]string) error {
	w.list = admissible
	return nil
}

// pass waits until the shelves are full, looks, and tells what was written.
func (w *world) pass() []written {
	w.t.Helper()
	w.writes = nil
	for range 2 { // the first may have put up shelves
		if err := w.Pass(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
		for began := time.Now(); len(w.filled()) < len(w.enrol); time.Sleep(time.Millisecond) {
			if time.Since(began) > long {
				w.t.Fatal("the shelves stay empty")
			}
		}
	}
	return w.writes
}

// asks is how many questions a pass costs: about workloads, and about models.
func (w *world) asks() (workloads, models int64) {
	w.t.Helper()
	w.judge.workloads.Store(0)
	w.judge.models.Store(0)
	w.pass()
	return w.judge.workloads.Load(), w.judge.models.Load()
}

// release signs what all gates and the trainer say, and files it.
func (w *world) release(name string, subject evidence.Subject) *kube.Release {
	w.t.Helper()
	object := &kube.Release{ObjectMeta: metav1.ObjectMeta{Name: name, CreationTimestamp: metav1.NewTime(noon)},
		Spec: kube.ReleaseSpec{Model: subject.Name, Environment: staging, Digest: string(subject.Digest)}}
	statements := []evidence.Statement{evidence.Trained(subject, evidence.Provenance{})}
	for _, gate := range gates.Names() {
		statements = append(statements, evidence.Measured(subject, evidence.Measurements{
			Gate: gate, Environment: staging,
			Model:        evidence.ModelFacts{Task: "binary", Purpose: "detection", RiskClass: "moderate"},
			Inputs:       []evidence.Subject{{Name: "image", Digest: image}},
			Measurements: []evidence.Measurement{{Name: "rows", Value: "100", N: 100}},
		}))
	}
	for _, statement := range statements {
		envelope, err := w.signer.Sign(w.t.Context(), statement)
		if err != nil {
			w.t.Fatal(err)
		}
		object.Spec.Envelopes = append(object.Spec.Envelopes, string(envelope))
	}
	w.memory.Remember(object)
	w.board.pin(object)
	return object
}

// pod serves a model, and stands in the cluster.
func pod(name string, subject evidence.Subject) map[string]any {
	return map[string]any{
		"apiVersion": "v1", "kind": "Pod", "metadata": map[string]any{"name": name, "namespace": clinic, "resourceVersion": "1"},
		"spec": map[string]any{
			"containers": []any{map[string]any{"name": "serve", "image": "registry.example.org/serving@" + image}},
			"volumes":    []any{map[string]any{"name": "model", "image": map[string]any{"reference": repository + "/" + subject.Name + "@" + string(subject.Digest)}}},
		},
		"status": map[string]any{"phase": "Running"},
	}
}

func (w *world) create(resource schema.GroupVersionResource, object map[string]any) {
	w.t.Helper()
	made := &unstructured.Unstructured{Object: object}
	if _, err := w.cluster.Resource(resource).Namespace(clinic).Create(w.t.Context(), made, metav1.CreateOptions{}); err != nil {
		w.t.Fatal(err)
	}
	w.settled(resource, made.GetName(), true)
}

// update exchanges an object and waits until the shelf has it.
func (w *world) update(resource schema.GroupVersionResource, object map[string]any) {
	w.t.Helper()
	before := w.onShelf(resource, "")
	if _, err := w.cluster.Resource(resource).Namespace(clinic).Update(w.t.Context(), &unstructured.Unstructured{Object: object}, metav1.UpdateOptions{}); err != nil {
		w.t.Fatal(err)
	}
	w.until("the shelf changes", func() bool { return !slices.Equal(before, w.onShelf(resource, "")) })
}

func (w *world) delete(resource schema.GroupVersionResource, name string) {
	w.t.Helper()
	err := w.cluster.Tracker().Delete(resource, clinic, name)
	if err != nil {
		w.t.Fatal(err)
	}
	w.settled(resource, name, false)
}

func (w *world) onShelf(resource schema.GroupVersionResource, name string) []*object {
	for at, shelf := range w.hall.shelves {
		if at.kind.Resource == resource {
			return slices.DeleteFunc(slices.Clone(shelf.list()), func(one *object) bool { return name != "" && one.name != name })
		}
	}
	return nil
}

func (w *world) settled(resource schema.GroupVersionResource, name string, there bool) {
	w.t.Helper()
	if len(w.hall.shelves) > 0 {
		w.until(fmt.Sprintf("%s on the shelf is %t", name, there), func() bool { return len(w.onShelf(resource, name)) > 0 == there })
	}
}

// long is beyond what a busy machine takes for anything.
const long = time.Minute

func (w *world) until(what string, is func() bool) {
	w.t.Helper()
	for began := time.Now(); !is(); time.Sleep(time.Millisecond) {
		if time.Since(began) > long {
			w.t.Fatalf("it never came about: %s", what)
		}
	}
}

// of finds what was written of a kind.
func of(writes []written, resource string) []written {
	return slices.DeleteFunc(slices.Clone(writes), func(one written) bool { return one.resource != resource })
}
