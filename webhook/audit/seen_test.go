package audit

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// naming is a pod that names a digest in a variable: whether that is a model,
// only the releases tell.
func naming(name, digest string) map[string]any {
	made := pod(name, model)
	delete(made["spec"].(map[string]any), "volumes")
	made["spec"].(map[string]any)["containers"].([]any)[0].(map[string]any)["env"] = []any{map[string]any{"name": "MODEL", "value": digest}}
	return made
}

// A projection is thrown away but for what rules see; where it would be another
// one now, the object is asked for once more.
func TestADigestThatBecomesAReleaseIsSeenInWhatRuns(t *testing.T) {
	w := newWorld(t)
	w.create(pods.Resource, naming("a", string(model.Digest)))
	w.pass()
	if found := w.onShelf(pods.Resource, "a")[0]; len(found.sight.workload.Models) != 0 || found.finding.result != pass {
		t.Fatalf("%+v", found.sight)
	}
	w.release("tumour-staging", model)
	w.pass()
	if found := w.onShelf(pods.Resource, "a")[0]; len(found.sight.workload.Models) != 1 || found.finding.result != fail {
		t.Errorf("%+v", found.sight)
	}
	w.memory.Forget("tumour-staging")
	w.pass()
	if found := w.onShelf(pods.Resource, "a")[0]; len(found.sight.workload.Models) != 0 {
		t.Errorf("%+v", found.sight)
	}
}

// Of an update that changes the status alone, the shelf says nothing.
func TestAShelfTellsOfWhatRulesSee(t *testing.T) {
	w := newWorld(t)
	look := reader{kind: pods, look: w.sight}
	shelf := newShelf(func() {})
	see := func(object map[string]any) *seen { return look.shorten(&unstructured.Unstructured{Object: object}) }
	for _, step := range []struct {
		what    string
		do      func() error
		touched bool
		left    int
	}{
		{"a list", func() error { return shelf.Replace([]any{see(pod("a", model)), see(pod("b", model))}, "1") }, true, 2},
		{"nothing", func() error { return nil }, false, 2},
		{"a status", func() error { return shelf.Update(see(waiting(pod("a", model)))) }, false, 2},
		{"another image", func() error { return shelf.Update(see(changed(pod("a", model)))) }, true, 2},
		{"a pod that ends", func() error { return shelf.Update(see(ended(pod("b", model)))) }, true, 2},
		{"a deletion", func() error { return shelf.Delete(see(pod("a", model))) }, true, 1},
		{"a deletion of what is gone", func() error { return shelf.Delete(see(pod("a", model))) }, false, 1},
		{"something else", func() error { return shelf.Add("x") }, false, 1},
		{"an empty list", func() error { return shelf.Replace(nil, "2") }, true, 0},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		if touched, left := shelf.take(), len(shelf.list()); touched != step.touched || left != step.left {
			t.Errorf("%s: touched is %t, %d left", step.what, touched, left)
		}
	}
}

func waiting(object map[string]any) map[string]any {
	object["status"] = map[string]any{"phase": "Pending", "conditions": []any{map[string]any{"type": "Ready"}}}
	return object
}

// A kind that may not be read makes nobody wait, and is told; an API server that is
// away is waited for.
func TestAKindThatIsRefusedIsNotWaitedFor(t *testing.T) {
	shelf := newShelf(func() {})
	shelf.fail(errors.New("connection refused"))
	if shelf.ready() {
		t.Error("an API server that is away has told everything")
	}
	shelf.fail(apierrors.NewForbidden(schema.GroupResource{Resource: "pods"}, "", errors.New("no")))
	if !shelf.ready() || shelf.refused == nil {
		t.Error("the audit waits for what it will never be told")
	}
	if err := shelf.Replace(nil, "1"); err != nil || !shelf.ready() || shelf.refused != nil {
		t.Error("the right was granted, and is not used")
	}
}

// Lists are asked for in pages, and of each object only what rules see is kept.
func TestAListIsShortenedPageByPage(t *testing.T) {
	w := newWorld(t)
	for i := range 3 {
		w.create(pods.Resource, pod(fmt.Sprint("pod-", i), model))
	}
	source := reader{kind: pods, from: w.cluster.Resource(pods.Resource).Namespace(clinic), look: w.sight, fails: func(err error) { t.Error(err) }}
	list, err := source.list(t.Context(), metav1.ListOptions{ResourceVersion: "0"})
	if err != nil {
		t.Fatal(err)
	}
	items := list.(*page).Items
	if len(items) != 3 || items[0].Name != "pod-0" || len(items[0].workload.Models) != 1 {
		t.Errorf("%+v", items)
	}
	bookmark := &unstructured.Unstructured{Object: map[string]any{"metadata": map[string]any{"resourceVersion": "7", "annotations": map[string]any{metav1.InitialEventsAnnotationKey: "true"}}}}
	event, keep := source.event(watch.Event{Type: watch.Bookmark, Object: bookmark})
	if marked := event.Object.(*seen); !keep || marked.ResourceVersion != "7" || marked.Annotations[metav1.InitialEventsAnnotationKey] != "true" {
		t.Errorf("%+v", event)
	}
}

func TestWhatRestsRunsNothing(t *testing.T) {
	kinds := map[string]subject.Kind{}
	for _, kind := range subject.Kinds(nil) {
		kinds[kind.Name] = kind
	}
	for text, want := range map[string]bool{
		`{"kind":"Pod","status":{"phase":"Running"}}`: false, `{"kind":"Pod","status":{"phase":"Failed"}}`: true, `{"kind":"Pod"}`: false,
		`{"kind":"ReplicaSet","spec":{"replicas":0}}`: true, `{"kind":"ReplicaSet","spec":{"replicas":2}}`: false, `{"kind":"ReplicaSet","spec":{}}`: false,
		`{"kind":"Job","status":{"completionTime":"2026-01-01T00:00:00Z"}}`: true, `{"kind":"Job"}`: false,
		`{"kind":"Rollout","spec":{"replicas":0}}`: false, // what somebody else's controller makes of that, it knows
	} {
		var object unstructured.Unstructured
		if err := object.UnmarshalJSON([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if got := resting(kinds[object.GetKind()], &object); got != want {
			t.Errorf("%s: resting is %t", text, got)
		}
	}
}

// FuzzSight: whatever lies in a cluster, looking at it never panics, twice says the
// same, and what cannot be read is an error and not nothing.
func FuzzSight(f *testing.F) {
	for _, object := range []map[string]any{pod("a", model), naming("b", string(model.Digest)), ended(pod("c", model))} {
		text, err := json.Marshal(object)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, uint8(0))
	}
	f.Add([]byte(`{"kind":"Deployment","apiVersion":"apps/v1","spec":{"replicas":"x","template":[]}}`), uint8(3))
	f.Add([]byte(`{"kind":"Pod","metadata":{"ownerReferences":[{"controller":true,"kind":7}],"managedFields":{}},"status":"x","spec":null}`), uint8(1))
	w := newWorld(f)
	kinds := subject.Kinds(w.config.Workloads)
	f.Fuzz(func(t *testing.T, text []byte, which uint8) {
		read := func() (sight, bool) {
			var object unstructured.Unstructured
			if object.UnmarshalJSON(text) != nil || object.IsList() {
				return sight{}, false
			}
			return w.sight(kinds[int(which)%len(kinds)], &object), true
		}
		first, is := read()
		again, _ := read()
		if !is {
			return
		}
		if !reflect.DeepEqual(first, again) {
			t.Errorf("once %+v, then %+v", first, again)
		}
		if first.problem != "" && (len(first.workload.Models) > 0 || !slices.Contains([]string{"", first.workload.Kind}, first.workload.Kind)) {
			t.Errorf("unread, and yet %+v", first.workload)
		}
	})
}
