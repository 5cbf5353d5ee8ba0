package subject

import (
	"encoding/json"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestAKindIsReadAtTheVersionThatIsRegistered(t *testing.T) {
	configured := []Workload{{Group: "example.org", Version: "v2", Resource: "trainings", Kind: "Training"}}
	for claim, story := range map[string]struct {
		asked       metav1.GroupVersionResource
		subresource string
		want        string // kind; empty when it cannot be read
	}{
		"a built-in kind":                 {metav1.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}, "", "Deployment"},
		"one of another version":          {metav1.GroupVersionResource{Group: "apps", Version: "v1beta1", Resource: "deployments"}, "", ""},
		"a subresource that is not known": {metav1.GroupVersionResource{Version: "v1", Resource: "pods"}, "status", ""},
		"a rollout":                       {metav1.GroupVersionResource{Group: "argoproj.io", Version: "v1alpha1", Resource: "rollouts"}, "", "Rollout"},
		"a configured kind":               {metav1.GroupVersionResource{Group: "example.org", Version: "v2", Resource: "trainings"}, "", "Training"},
		"its subresource":                 {metav1.GroupVersionResource{Group: "example.org", Version: "v2", Resource: "trainings"}, "status", ""},
		"a kind that nobody named":        {metav1.GroupVersionResource{Group: "example.org", Version: "v2", Resource: "others"}, "", ""},
	} {
		read, err := formOf(story.asked, story.subresource, configured)
		if read.kind != story.want || (err == nil) != (story.want != "") {
			t.Errorf("%s: %q, %v", claim, read.kind, err)
		}
	}
}

// FuzzWrapped: wherever an object of somebody else's kind keeps a pod, its
// projection holds every image and every use of a model that the pod alone has.
func FuzzWrapped(f *testing.F) {
	f.Add([]byte(`{"spec":{"volumes":[{"name":"m","image":{"reference":"registry.example.org:5000/models/x"}}],"initContainers":[{"name":"i","image":"a"}]}}`), "spec/template")
	f.Add([]byte(`{"metadata":{"annotations":{"a":"registry.example.org:5000/models/x"}},"spec":{"containers":[{"name":"c","image":"registry.example.org:5000/models/x:v1","env":[{"name":"A","value":"hf://x/y"}]}]}}`), "spec/jobs/template")
	f.Add([]byte(`{"spec":{"volumes":[{"name":"a","persistentVolumeClaim":{"claimName":"x"}},{"name":"b","image":{}},{"name":"c","ephemeral":{"volumeClaimTemplate":{"spec":{"volumeName":"v"}}}}]}}`), "spec")
	f.Fuzz(func(t *testing.T, raw []byte, way string) {
		bare, err := builtIn[Resource{"", "pods", ""}].workload(raw, exampleModels())
		if err != nil || len(way) > 200 {
			return
		}
		var wrapped any = json.RawMessage(raw)
		for _, field := range strings.Split(way, "/") {
			wrapped = map[string]any{field: wrapped}
		}
		text, err := json.Marshal(map[string]any{"body": wrapped})
		if err != nil {
			return
		}
		whole, err := custom("Training", "v2").workload(text, exampleModels())
		if err != nil {
			return // refused as a whole
		}
		if len(whole.Images) < len(bare.Images) {
			t.Errorf("wrapped in %q, of %d images there are %d", way, len(bare.Images), len(whole.Images))
		}
		if len(whole.Volumes) < len(bare.Volumes) {
			t.Errorf("wrapped in %q, of %d volumes there are %d", way, len(bare.Volumes), len(whole.Volumes))
		}
		used := map[string]bool{}
		for _, use := range whole.Models {
			used[use.How+" "+use.Reference] = true
		}
		for _, use := range bare.Models {
			if use.How != byAnnotation && !used[use.How+" "+use.Reference] {
				t.Errorf("wrapped in %q, %s %q is lost: %v", way, use.How, use.Reference, whole.Models)
			}
		}
	})
}
