package subject

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/mlops-clinical-trials/assay/gates/judge"
)

func TestAVolumeIsAllowedByItsKindAndByWhatItIs(t *testing.T) {
	allowed := []Storage{
		{Kind: claim, Name: "reports", Namespace: "clinic"},
		{Kind: claim, Name: "data-db-*"},
		{Kind: "hostPath", Name: "/var/log/*"},
		{Kind: ephemeral, Name: "*"},
	}
	for claimed, story := range map[string]struct {
		namespace, kind, name string
		allowed               bool
	}{
		"the claim that was named":          {"clinic", claim, "reports", true},
		"a claim of that name elsewhere":    {"elsewhere", claim, "reports", false},
		"a claim with a longer name":        {"clinic", claim, "reports-2", false},
		"another kind of that name":         {"clinic", "hostPath", "reports", false},
		"a replica's claim":                 {"elsewhere", claim, "data-db-0", true},
		"the template of such claims":       {"elsewhere", claim, "data-db-*", true},
		"the template of many more claims":  {"elsewhere", claim, "data-*", false},
		"a path below":                      {"clinic", "hostPath", "/var/log/pods", true},
		"a path that leads out again":       {"clinic", "hostPath", "/var/log/../lib/models", false},
		"every one of a kind":               {"clinic", ephemeral, "", true},
		"a copy of something, of that kind": {"clinic", copied, "VolumeSnapshot/weights", false},
		"a kind of which nothing is known":  {"clinic", "unknown", "reports", false},
	} {
		volume := judge.Volume{Kind: story.kind, Name: story.name}
		is := slices.ContainsFunc(allowed, func(s Storage) bool { return s.Covers(story.namespace, volume) })
		if is != story.allowed {
			t.Errorf("%s: allowed=%t", claimed, is)
		}
	}
}

// FuzzVolumes: whatever the volumes of an object look like, each source is a use
// of a model, storage that a rule must allow, or one of those that hold nothing.
func FuzzVolumes(f *testing.F) {
	f.Add([]byte(`[{"name":"a","persistentVolumeClaim":{"claimName":"x"}},{"name":"b","emptyDir":{}}]`))
	f.Add([]byte(`[{"image":{"reference":7}},{"image":"x"},7,null,{"nfs":null},{"ephemeral":[]}]`))
	f.Add([]byte(`[{"hostPath":{"path":"\u0000"},"iscsi":"x"}]`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var volumes []any
		if json.Unmarshal(raw, &volumes) != nil {
			return
		}
		text, err := json.Marshal(map[string]any{"spec": map[string]any{"volumes": volumes}})
		if err != nil {
			t.Fatal(err)
		}
		workload, err := custom("Training", "v1").workload(text, exampleModels())
		if err != nil {
			return // refused as a whole
		}
		if found := len(workload.Models) + len(workload.Volumes); found < sources(volumes) {
			t.Errorf("of %d sources in %s there are %d: %+v", sources(volumes), raw, found, workload)
		}
	})
}

// sources counts what the projection must hold, in another way than it: what is
// left of each volume when all is gone that holds nothing.
func sources(volumes []any) (found int) {
	for _, item := range volumes {
		volume, isObject := item.(map[string]any)
		if !isObject {
			found++
		}
		for field, source := range volume {
			if source != nil && !strings.Contains(" name configMap downwardAPI emptyDir projected secret ", " "+field+" ") {
				found++
			}
		}
	}
	return found
}
