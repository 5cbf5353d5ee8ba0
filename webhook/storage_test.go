package webhook

import (
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/webhook/subject"
)

// TestStorageIsDeniedUnlessItIsNamed asks the real judge.
func TestStorageIsDeniedUnlessItIsNamed(t *testing.T) {
	door := newHandler(t, realJudge(t), NewMemory())
	request := creating(t, map[string]any{"spec": map[string]any{
		"containers": []any{map[string]any{"name": "c", "image": "busybox"}},
		"volumes":    []any{map[string]any{"name": "innocent", "persistentVolumeClaim": map[string]any{"claimName": "reports"}}},
	}})
	response := door.Handle(t.Context(), request)
	if response.Allowed || !strings.Contains(response.Result.Message, `workload.storage: spec.volumes[0] is a volume of kind persistentVolumeClaim ("reports")`) {
		t.Errorf("allowed=%t: %s", response.Allowed, response.Result.Message)
	}
	settings := door.Settings()
	settings.Volumes = []subject.Storage{{Kind: "persistentVolumeClaim", Name: "reports"}}
	door.Settings = func() Configuration { return settings }
	if response := door.Handle(t.Context(), request); !response.Allowed {
		t.Error("although it is named:", response.Result.Message)
	}
}

func TestAConfigMapThatNamesAModelIsDenied(t *testing.T) {
	door := newHandler(t, realJudge(t), NewMemory())
	for claimed, story := range map[string]struct {
		data   string
		denied string
	}{
		"a model":    {"MODEL=" + mounted, "workload.mounted: data[env] reaches a model by config_map"},
		"a bucket":   {"s3://models/breast", "workload.mounted"},
		"anything":   {"colour=blue", ""},
		"a boundary": {strings.Repeat("x", 900_000), ""},
	} {
		request := creating(t, map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "settings"}, "data": map[string]any{"env": story.data}})
		request.Resource.Resource = "configmaps"
		response := door.Handle(t.Context(), request)
		if response.Allowed != (story.denied == "") || !strings.Contains(strings.ReplaceAll(response.Result.Message, "data.env", "data[env]"), story.denied) {
			t.Errorf("%s: allowed=%t: %s", claimed, response.Allowed, response.Result.Message)
		}
	}
}
