package webhook

import (
	"slices"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// TestWhatCannotBeReadLosesItsFinalizers, and nothing else changes in it: an API
// server that is newer than the door may add a field to every pod.
func TestWhatCannotBeReadLosesItsFinalizers(t *testing.T) {
	object := func(field, finalizer, annotation string) map[string]any {
		return map[string]any{
			"metadata": map[string]any{"name": "serve", "finalizers": []string{finalizer}, "annotations": map[string]any{"a": annotation}},
			"spec":     map[string]any{"fieldOfTomorrow": field, "containers": []any{}}, "status": map[string]any{"phase": finalizer},
		}
	}
	for claim, story := range map[string]struct {
		after   map[string]any
		allowed bool
	}{
		"a finalizer less":   {object("a", "", "a"), true},
		"another spec":       {object("b", "", "a"), false},
		"another annotation": {object("a", "", "b"), false},
	} {
		request := creating(t, story.after)
		request.Operation, request.OldObject = admissionv1.Update, raw(t, object("a", "batch.kubernetes.io/job-tracking", "a"))
		if response := newHandler(t, realJudge(t), NewMemory()).Handle(t.Context(), request); response.Allowed != story.allowed {
			t.Errorf("%s: allowed=%t: %s", claim, response.Allowed, response.Result.Message)
		}
	}
}

// FuzzUntouched: what it takes for the same is the same to every rule, wherever
// the pod stands in it.
func FuzzUntouched(f *testing.F) {
	f.Add([]byte(`{"metadata":{"finalizers":["a"],"annotations":{"a":"b"}},"spec":{"containers":[]}}`), []byte(`{"spec":{"containers":[]},"metadata":{"annotations":{"a":"b"}}}`))
	f.Add([]byte(`{"spec":{"a":1}}`), []byte(`{"spec":{"a":1.0},"status":{}}`))
	f.Add([]byte(`{"metadata":"x"}`), []byte(`{"metadata":null}`))
	trainings := metav1.GroupVersionResource{Group: "example.org", Version: "v1", Resource: "trainings"}
	settings := Configuration{
		Repositories: []string{modelRepository},
		Workloads:    []subject.Workload{{Group: trainings.Group, Version: trainings.Version, Resource: trainings.Resource, Kind: "Training"}},
	}
	released := func(digest string) bool { return digest == releasedDigest }
	f.Fuzz(func(t *testing.T, before, after []byte) {
		if !untouched(before, after) {
			return
		}
		old, err := settings.Project(trainings, "", clinic, before, released)
		if err != nil {
			return
		}
		now, err := settings.Project(trainings, "", clinic, after, released)
		if err != nil || !slices.Equal(old.Images, now.Images) || !slices.Equal(old.Models, now.Models) || !slices.Equal(old.Volumes, now.Volumes) {
			t.Errorf("%s and %s are not the same: %+v, %+v, %v", before, after, old, now, err)
		}
	})
}
